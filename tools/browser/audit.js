// What a reader would trip over, as a list of sentences. width is the screen's.
(width) => {
  const problems = new Set();
  const name = (element) => {
    const text = element.textContent.trim().replace(/\s+/g, ' ').slice(0, 40);
    return `<${element.localName}${element.className ? ` class="${element.getAttribute('class')}"` : ''}> "${text}"`;
  };
  for (const details of document.querySelectorAll('details')) details.open = true;

  // Nothing is wider than the screen.
  const all = document.documentElement.scrollWidth;
  if (all > width) problems.add(`the page is ${all} px wide, the screen has ${width} px`);
  for (const element of document.body.querySelectorAll('*')) {
    const box = element.getBoundingClientRect();
    if (box.width > 0 && (box.left < -0.5 || box.right > width + 0.5)) {
      problems.add(`${name(element)} reaches from ${box.left} to ${box.right} px, the screen has ${width} px`);
    }
    const style = getComputedStyle(element);
    const hides = (overflow) => overflow !== 'visible';
    if (element instanceof HTMLElement && element.clientWidth > 0 &&
      (hides(style.overflowX) && element.scrollWidth > element.clientWidth + 1 ||
        hides(style.overflowY) && element.scrollHeight > element.clientHeight + 1)) {
      problems.add(`${name(element)} is cut off`);
    }
  }

  // Colours are [red, green, blue, alpha], 0 to 255 and 0 to 1.
  const parse = (color) => {
    const parts = /^rgba?\(([^)]+)\)$/.exec(color);
    if (!parts) {
      problems.add(`the colour ${color} is not understood`);
      return [0, 0, 0, 0];
    }
    const [r, g, b, a = 1] = parts[1].split(/[\s,/]+/).map(Number);
    return [r, g, b, a];
  };
  const over = (top, below) => {
    const mix = (i) => top[i] * top[3] + below[i] * (1 - top[3]);
    return [mix(0), mix(1), mix(2), 1];
  };
  const ancestors = (element) => element ? [element, ...ancestors(element.parentElement)] : [];
  const background = (element) => ancestors(element)
    .map((e) => parse(getComputedStyle(e).backgroundColor))
    .reduceRight((below, top) => over(top, below), [255, 255, 255, 1]);
  const luminance = (color) => {
    const linear = (v) => v <= 10.31475 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4;
    return 0.2126 * linear(color[0]) + 0.7152 * linear(color[1]) + 0.0722 * linear(color[2]);
  };
  const contrast = (a, b) => {
    const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x);
    return (high + 0.05) / (low + 0.05);
  };

  // Every text stands on the screen and apart from its background.
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  while (texts.nextNode()) {
    const node = texts.currentNode;
    const element = node.parentElement;
    range.selectNodeContents(node);
    const boxes = [...range.getClientRects()].filter((box) => box.width > 0);
    if (!node.data.trim() || boxes.length === 0) continue;
    if (boxes.some((box) => box.left < -0.5 || box.right > width + 0.5)) problems.add(`the text of ${name(element)} leaves the screen`);
    const back = background(element);
    const front = parse(getComputedStyle(element).color);
    front[3] *= ancestors(element).reduce((product, e) => product * getComputedStyle(e).opacity, 1);
    const ratio = contrast(over(front, back), back);
    if (ratio < 4.5) problems.add(`the text of ${name(element)} has a contrast of ${ratio.toFixed(2)}, 4.5 is needed`);
  }
  return [...problems];
}
