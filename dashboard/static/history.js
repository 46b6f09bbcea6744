// A page is one step of the browser's history. Streamlit makes several of it: one without the old page's
// parameters, one with the new page's address, one with what is chosen there. Going back to another page it
// forgets the parameters: so that page is opened anew.
if (!window.isOneStep) {
  window.isOneStep = true;
  const MOMENT = 2000;
  const push = history.pushState;
  let last = -MOMENT;
  let path = location.pathname;
  history.pushState = function (...step) {
    const isSame = performance.now() - last < MOMENT;
    last = performance.now();
    (isSame ? history.replaceState : push).apply(this, step);
    path = location.pathname;
  };
  addEventListener("popstate", () => location.pathname === path || location.reload(), true);
}
