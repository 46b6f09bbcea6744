"""What a page that is drawn in Chromium can be held to: nothing cut off, nothing empty, all text readable."""

from playwright.sync_api import Page

WIDER = """
() => {
  const parts = [document.documentElement, ...document.querySelectorAll('.stMain, .stMainBlockContainer')];
  return parts.filter(part => part.scrollWidth > window.innerWidth).map(part => part.className)
    .concat([...document.querySelectorAll('[class*=st-key-card]')]
      .filter(card => card.getBoundingClientRect().right > window.innerWidth + 1)
      .map(card => card.className));
}
"""
CUT_OFF = """
() => {
  const boxes = '.tile, .tile *, .heading, .heading *, .masthead *, [role=radiogroup]'
    + ', [data-tag] *, [role=option] *';
  const parts = [...document.querySelectorAll(boxes)]
    .filter(part => part.clientWidth && part.scrollWidth > part.clientWidth + 1);
  const marks = [...document.querySelectorAll('.stVegaLiteChart svg')].flatMap(chart => {
    const frame = chart.getBoundingClientRect();
    return [...chart.querySelectorAll('text, .mark-rect.role-mark path')].filter(mark => {
      const box = mark.getBoundingClientRect();
      const isSeen = mark.getAttribute('opacity') !== '0' && mark.getAttribute('fill') !== 'transparent';
      return box.width && isSeen && (box.left < frame.left - 1 || box.right > frame.right + 1
        || box.top < frame.top - 1 || box.bottom > frame.bottom + 1);
    });
  });
  return [...parts, ...marks].map(part => part.outerHTML);
}
"""
EMPTY = """
() => [...document.querySelectorAll('.stVegaLiteChart')].filter(chart =>
  ![...chart.querySelectorAll('.role-mark path, .role-mark text')].some(mark => {
    const box = mark.getBoundingClientRect();
    return box.width + box.height > 0;
  })).map(chart => chart.outerHTML.slice(0, 300))
"""
PALE = """
() => {
  const brush = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true }), known = {};
  const rgba = colour => known[colour] ??= (() => {
    brush.clearRect(0, 0, 1, 1);
    brush.fillStyle = colour;
    brush.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = brush.getImageData(0, 0, 1, 1).data;
    return [red, green, blue, alpha / 255];
  })();
  const opacity = part => part ? Number(getComputedStyle(part).opacity) * opacity(part.parentElement) : 1;
  const painted = (part, colour, share) => {
    const [red, green, blue, alpha] = colour === 'none' ? [0, 0, 0, 0] : rgba(colour);
    return [red, green, blue, alpha * Number(share) * opacity(part)];
  };
  const paint = part => {
    const look = getComputedStyle(part);
    if (part instanceof SVGElement && part.tagName !== 'svg')
      return part.matches('g, text') ? [0, 0, 0, 0] : painted(part, look.fill, look.fillOpacity);
    return painted(part, look.backgroundColor, 1);
  };
  const over = (top, below) => below.map((channel, place) => channel + top[3] * (top[place] - channel));
  const luminance = colour => {
    const [red, green, blue] = colour.map(channel => channel / 255)
      .map(channel => channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const contrast = (one, other) => {
    const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };

  const all = document.head.appendChild(document.createElement('style'));
  all.textContent = '* { pointer-events: all !important; }';
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), pale = new Set();
  let count = 0;
  while (texts.nextNode()) {
    const text = texts.currentNode, part = text.parentElement;
    const isSeen = part.checkVisibility({ opacityProperty: true, visibilityProperty: true });
    if (!text.data.trim() || !isSeen || part.closest(':disabled, [aria-disabled=true]')) continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    const look = getComputedStyle(part), isDrawn = part instanceof SVGElement;
    const size = parseFloat(look.fontSize), isBold = Number(look.fontWeight) >= 700;
    const isIcon = part.dataset.testid === 'stIconMaterial';
    const isLarge = size >= 24 || (size >= 18.66 && isBold);
    for (const box of isDrawn ? [part.getBoundingClientRect()] : range.getClientRects()) {
      if (box.width < 3) continue;
      for (const across of [0.1, 0.5, 0.9]) {
        const stack = document.elementsFromPoint(box.left + across * box.width, box.top + box.height / 2);
        const place = stack.indexOf(part);
        if (place < 0) continue;
        const ground = stack.slice(isDrawn ? place + 1 : place).reverse()
          .reduce((below, other) => over(paint(other), below), [255, 255, 255]);
        const letters = isDrawn
          ? painted(part, look.fill, look.fillOpacity) : painted(part, look.color, 1);
        const found = contrast(over(letters, ground), ground);
        count += 1;
        if (found < (isLarge || isIcon ? 3 : 4.5))
          pale.add(`${found.toFixed(2)}: ${text.data.trim()} on ${ground.map(Math.round)}`);
      }
    }
  }
  all.remove();
  return [count, [...pale]];
}
"""


def wider(page: Page) -> list[str]:
    """The classes of what is wider than the window."""
    return list(page.evaluate(WIDER))


def cut_off(page: Page) -> list[str]:
    """The HTML of words that do not fit into their box, and of words and bars outside their chart."""
    return list(page.evaluate(CUT_OFF))


def empty(page: Page) -> list[str]:
    """The HTML of charts in which nothing is drawn."""
    return list(page.evaluate(EMPTY))


def pale(page: Page) -> tuple[int, list[str]]:
    """At how many places of the window text was looked at, and what has less contrast than WCAG 2.2 AA asks.

    A text's ground is what lies under it, with opacities. Icons need 3:1. What is drawn on a canvas, as
    tables are, is not seen.
    """
    count, found = page.evaluate(PALE)
    return int(count), list(found)


def colour(page: Page, selector: str, name: str) -> str:
    """A colour of the first element that the selector finds, as the browser computes it."""
    return str(
        page.locator(selector).first.evaluate("(element, name) => getComputedStyle(element)[name]", name)
    )


def rgb(colour: str) -> str:
    """A colour such as #rrggbb as the browser writes it."""
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return f"rgb({red}, {green}, {blue})"
