// Another page is one step of the browser's history. Streamlit makes several of it: one without the old page's
// parameters, one with the new page's address, one with what is chosen there. Going back to another page it
// forgets the parameters: so that page is opened anew.
if (!window.isOneStep) {
  window.isOneStep = true;
  const MOMENT = 1500;
  const push = history.pushState;
  let path = location.pathname;
  let last = 0;
  let before = "";
  history.pushState = function (...step) {
    const next = new URL(step[2] ?? "", location.href);
    const turns = next.pathname !== location.pathname;
    if (performance.now() - last > MOMENT) before = "";
    const belongs = turns ? before === "cleared" : before === "turned";
    before = turns || belongs ? "turned" : next.search ? "" : "cleared";
    last = performance.now();
    (belongs ? history.replaceState : push).apply(this, step);
    path = location.pathname;
  };
  addEventListener("popstate", () => location.pathname === path || location.reload(), true);
}
