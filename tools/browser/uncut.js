// What a page break may cut in two, as a list of sentences. height is that of a page.
(height) => {
  const problems = new Set();
  const name = (element) => `<${element.localName}> "${element.textContent.trim().replace(/\s+/g, ' ').slice(0, 40)}"`;
  for (const element of document.querySelectorAll('tr, svg')) {
    const box = element.getBoundingClientRect();
    if (box.height === 0) continue;
    let keeper = element;
    while (keeper && getComputedStyle(keeper).breakInside === 'auto') keeper = keeper.parentElement;
    if (!keeper) problems.add(`a page break may go through ${name(element)}`);
    else if (keeper.getBoundingClientRect().height > height) problems.add(`${name(keeper)} is higher than a page`);
  }
  for (const head of document.querySelectorAll('thead')) {
    if (getComputedStyle(head).display !== 'table-header-group') problems.add(`${name(head)} does not stand on every page`);
  }
  return [...problems];
}
