"use strict";
(() => {
  const tools = document.getElementById("tools");
  const search = document.getElementById("search");
  const found = document.getElementById("found");
  const boxes = [...tools.querySelectorAll("input[type=checkbox]")];
  const items = [...document.querySelectorAll("[data-verdict]")];
  const words = new Map();
  const wordsOf = (item) => {
    if (!words.has(item)) words.set(item, item.textContent.toLowerCase());
    return words.get(item);
  };
  const filter = () => {
    const wanted = search.value.trim().toLowerCase();
    const shown = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
    let count = 0;
    for (const item of items) {
      const fits = shown.has(item.dataset.verdict) && (!wanted || wordsOf(item).includes(wanted));
      item.hidden = !fits;
      count += fits;
    }
    for (const heading of document.querySelectorAll("h3.group")) {
      let next = heading.nextElementSibling;
      while (next && next.matches(".row[hidden]")) next = next.nextElementSibling;
      heading.hidden = !next || !next.matches(".row");
    }
    found.textContent = count === items.length ? "" : `${count} of ${items.length} shown`;
  };
  const openAll = (open) => {
    for (const item of items) if (!item.hidden) item.open = open;
  };
  const openTarget = () => {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (let at = target; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
    if (target) target.scrollIntoView();
  };
  search.addEventListener("input", filter);
  for (const box of boxes) box.addEventListener("change", filter);
  document.getElementById("open").addEventListener("click", () => openAll(true));
  document.getElementById("close").addEventListener("click", () => openAll(false));
  addEventListener("hashchange", openTarget);
  addEventListener("beforeprint", () => {
    for (const card of document.querySelectorAll(".finding, .finding .more")) card.open = true;
  });
  tools.hidden = false;
  openTarget();
})();
