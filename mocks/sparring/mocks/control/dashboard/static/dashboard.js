"use strict";
// The dashboard's own script: it reads JSON and makes elements of it. Text becomes text and never markup.
(() => {
  const MOST = 400; // lines that the page holds at once
  const PAGE = 200; // lines that are fetched at once
  const here = document.body.dataset.here;
  const $ = (id) => document.getElementById(id);
  const timeline = $("timeline"), rows = $("rows"), filters = $("filters"), detail = $("detail");
  let last = Number(document.body.dataset.last); // the newest number that has been asked for
  let query = document.body.dataset.query;
  let following = true, stale = new Set(), fetching = false, opened = 0;

  /* elements */
  function el(tag, props, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(props || {})) {
      if (value === false || value === null || value === undefined) continue;
      if (name === "class") made.className = value;
      else if (name === "text") made.textContent = value;
      else made.setAttribute(name, value === true ? "" : value);
    }
    made.append(...children.filter((child) => child !== null));
    return made;
  }
  const badge = (text, tone) => el("span", { class: `badge ${tone || ""}`, text });

  /* asking */
  async function ask(path, options) {
    const answer = await fetch(here + path, { headers: { Accept: "application/json" }, cache: "no-store", ...options });
    const told = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new Error(told.error || `the control port answered ${answer.status}`);
    return told;
  }
  let silence = 0;
  function say(sentence, wrong) {
    const said = $("said");
    said.textContent = sentence;
    said.classList.toggle("wrong", Boolean(wrong));
    said.hidden = false;
    clearTimeout(silence);
    silence = setTimeout(() => { said.hidden = true; }, wrong ? 12000 : 5000);
  }

  /* lines of the diagram */
  function line(row) {
    const low = Math.min(row.from, row.to), high = Math.max(row.from, row.to), right = row.to > row.from;
    const arrow = (kind, start, end, ...inside) =>
      el("span", { class: `arrow ${kind} s${start} e${end}` }, el("span", { class: "label" }, ...inside));
    const lines = el("span", { class: "lines" },
      arrow(right ? "right" : "left", low, high, row.ask,
        row.with ? el("i", { text: ` ${row.with}` }) : null),
      arrow(`back ${right ? "left" : "right"}`, low, high, row.answer));
    if (row.onward) lines.append(arrow("onward right", row.from, row.onward_to, row.onward));
    const why = el("span", { class: "why" },
      ...row.faults.map(() => badge("fault", "warn")), row.lint ? el("span", { class: `badge lint ${row.lint.tone}`, text: row.lint.text }) : null,
      el("span", { class: "rule", text: row.rule }), row.mend ? el("span", { class: "mend", text: row.mend }) : null);
    return el("li", { class: `row tone-${row.tone}${row.n === opened ? " current" : ""}`, "data-n": row.n },
      el("a", { href: `${here}exchanges/${row.n}` },
        el("span", { class: "when" }, el("span", {}, el("b", { text: `#${row.n}` }), ` ${row.at.slice(0, 8)}`),
          el("span", { class: `chip hue${row.hue}`, text: row.provider })), lines, why));
  }
  function lintBadge(verdict) {
    return el("span", { class: `badge lint ${verdict === "FAIL" ? "bad" : "warn"}`, text: `lint ${verdict}` });
  }
  const number = (item) => Number(item.dataset.n);
  const atEnd = () => timeline.scrollHeight - timeline.scrollTop - timeline.clientHeight < 80;
  const toEnd = () => { timeline.scrollTop = timeline.scrollHeight; };
  const path = (more) => `rows?${[query, ...more].filter(Boolean).join("&")}`;

  function count(told) {
    $("kept").textContent = told.kept;
    $("shown").textContent = rows.childElementCount;
    $("nothing").hidden = rows.childElementCount > 0;
    $("follow").hidden = following;
  }
  function earlier(more) {
    $("earlier").parentElement.hidden = !more || !rows.firstElementChild;
  }
  function place(row, fresh) { // a line that is there already is replaced, a new one goes where its number belongs
    const made = line(row);
    let after = rows.lastElementChild;
    while (after && number(after) > row.n) after = after.previousElementSibling;
    if (after && number(after) === row.n) after.replaceWith(made);
    else {
      if (fresh) made.classList.add("fresh");
      if (after) after.after(made); else rows.prepend(made);
    }
  }
  async function reload() {
    const told = await ask(path([`limit=${PAGE}`]));
    rows.replaceChildren(...told.rows.map(line));
    const heads = document.querySelector(".heads .lines");
    heads.replaceChildren(...told.lanes.map((name, index) => el("span", { class: "head", id: `lane${index + 1}`, text: name })));
    last = told.last;
    following = true;
    earlier(told.more);
    count(told);
    toEnd();
  }
  async function older() {
    const first = rows.firstElementChild;
    if (!first) return;
    const told = await ask(path([`before=${number(first)}`, `limit=${PAGE}`]));
    const height = timeline.scrollHeight, top = timeline.scrollTop;
    rows.prepend(...told.rows.map(line));
    timeline.scrollTop = top + timeline.scrollHeight - height;
    while (rows.childElementCount > MOST) { rows.lastElementChild.remove(); following = false; }
    earlier(told.more);
    count(told);
  }
  async function catchUp() { // whatever the stream has told of, fetched together
    if (fetching || !stale.size) return;
    fetching = true;
    try {
      const known = [...stale].filter((n) => n <= last);
      stale = new Set();
      const stick = following && atEnd();
      const told = await ask(path([`since=${last}`, `limit=${PAGE}`]));
      announce(told.rows);
      if (!last || (stick && (told.more || told.last - last > MOST))) { await reload(); } else {
        if (following && !stick && (told.more || rows.childElementCount + told.rows.length > MOST)) following = false; // somebody reads
        if (following) told.rows.forEach((row) => place(row, true));
        last = told.last;
        for (const n of known.slice(-50)) {
          if (!rows.querySelector(`[data-n="${n}"]`) && !following) continue;
          const one = await ask(path([`before=${n + 1}`, "limit=1"]));
          if (one.rows.length && one.rows[0].n === n) place(one.rows[0], true);
        }
        while (rows.childElementCount > MOST) { rows.firstElementChild.remove(); earlier(true); }
        count(told);
        if (stick) toEnd();
      }
      refreshSoon();
    } catch (error) { say(error.message, true); }
    fetching = false;
    if (stale.size) setTimeout(catchUp, 100);
  }

  function announce(fresh) {
    if (!fresh.length) return;
    const refused = fresh.filter((row) => row.tone === "refused").length;
    $("news").textContent = `${fresh.length} new exchange${fresh.length > 1 ? "s" : ""}${refused ? `, ${refused} refused` : ""}`;
  }

  /* news */
  let source = null, broken = false;
  function listen() {
    if (source) source.close();
    source = new EventSource(`${here}stream?since=${last}`);
    source.addEventListener("open", () => {
      live(true);
      if (!broken) return;
      broken = false; // it may be another server, which counts from 1 again
      reload().then(listen, (error) => say(error.message, true));
    });
    source.addEventListener("error", () => { broken = true; live(false); });
    source.addEventListener("exchange", (event) => {
      const told = JSON.parse(event.data);
      if (!stale.size) setTimeout(catchUp, 60);
      stale.add(told.n);
    });
  }
  function live(on) {
    $("live").textContent = on ? "live" : "not connected";
    $("live").className = `live ${on ? "on" : "off"}`;
  }

  /* what stands beside */
  function act(label, fields, more) {
    const form = el("form", { method: "post", action: `${here}do`, class: more ? "add" : "" },
      ...Object.entries(fields).map(([name, value]) => el("input", { type: "hidden", name, value })));
    if (more) form.append(el("input", { name: more, "aria-label": label, placeholder: "http://127.0.0.1:8000/callback", required: true }));
    form.append(el("button", { text: label }));
    return form;
  }
  function card(one) {
    const made = el("li", { class: `card${one.spent ? " spent" : ""}` },
      el("p", { class: "card-title" }, el("b", { text: one.title }), ...one.badges.flatMap((each) => [" ", badge(each.text, each.tone)])),
      ...one.lines.map((text) => el("p", { class: "card-line", text })));
    if (one.exchange) {
      made.append(el("p", { class: "card-line" }, el("a", { class: "open", href: `${here}exchanges/${one.exchange}`, text: `exchange ${one.exchange}` })));
    }
    if (one.actions.length || one.add) {
      const acts = el("div", { class: "card-actions" }, ...one.actions.map((each) => act(each.label, each.fields)));
      if (one.add) acts.append(act(one.add.label, one.add.fields, one.add.name));
      made.append(acts);
    }
    return made;
  }
  function show(told) {
    time(told.clock);
    for (const [name, cards] of Object.entries(told.panels)) {
      const list = document.querySelector(`[data-cards="${name}"]`);
      const signature = JSON.stringify(cards);
      if (list.dataset.signature !== signature && !list.contains(document.activeElement)) {
        list.replaceChildren(...cards.map(card));
        list.dataset.signature = signature;
      }
      for (const each of document.querySelectorAll(`[data-empty="${name}"]`)) each.hidden = cards.length > 0;
      for (const each of document.querySelectorAll(`[data-when="${name}"]`)) each.hidden = cards.length === 0;
      const tab = document.querySelector(`[data-count="${name}"]`);
      if (tab) { tab.textContent = cards.length; tab.hidden = !cards.length; }
      if (name === "lint") markLint(cards);
    }
  }
  function markLint(cards) {
    const told = new Map();
    for (const one of cards) if (one.exchange) told.set(one.exchange, [...(told.get(one.exchange) || []), one.badges[0]]);
    for (const [n, found] of told) {
      const item = rows.querySelector(`[data-n="${n}"] .why`);
      if (!item) continue;
      const worst = ["FAIL", "WARN", "NOTE"].map((verdict) => found.find((each) => each.text === verdict)).find(Boolean);
      for (const old of item.querySelectorAll(".lint")) old.remove();
      const text = `lint ${worst.text}${found.length > 1 ? ` x${found.length}` : ""}`;
      item.prepend(el("span", { class: `badge lint ${worst.tone}`, text }));
    }
  }
  async function refresh(all) {
    const wanted = new Set(["faults", "lint"]);
    const tab = document.querySelector('#tabs [aria-selected="true"]');
    if (tab && ["tokens", "accounts"].includes(tab.dataset.panel)) wanted.add(tab.dataset.panel);
    try { show(await ask(all ? "panels" : `panels?only=${[...wanted].join(",")}`)); } catch (error) { say(error.message, true); }
  }
  let soon = 0, later = 0;
  function refreshSoon() { // at once, and when whoever judges the traffic has had time to
    if (!soon) soon = setTimeout(() => { soon = 0; refresh(); }, 250);
    clearTimeout(later);
    later = setTimeout(refresh, 1800);
  }

  /* the clock */
  let shown = Number(document.body.dataset.now), read = performance.now(), frozen = document.body.dataset.frozen === "yes";
  function time(told) {
    shown = told.now; read = performance.now(); frozen = told.frozen;
    $("clock").classList.toggle("frozen", frozen);
    $("freeze").value = frozen ? "resume" : "freeze";
    $("freeze").textContent = frozen ? "Resume" : "Freeze";
    tick();
  }
  function tick() {
    const now = new Date((frozen ? shown : shown + (performance.now() - read) / 1000) * 1000);
    if (!Number.isNaN(now.getTime())) $("clock").textContent = now.toISOString().slice(0, 19).replace("T", " ");
  }
  setInterval(tick, 500);

  /* one exchange */
  function block(title, open, ...children) {
    return el("details", { class: "block", open }, el("summary", { text: title }), ...children);
  }
  const pre = (text, name) => el("pre", { tabindex: "0", "aria-label": name, text });
  async function copy(text, button) {
    try { await navigator.clipboard.writeText(text); } catch {
      const box = el("textarea", { class: "skip" });
      box.value = text;
      document.body.append(box);
      box.select();
      document.execCommand("copy");
      box.remove();
    }
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = "Copy as curl"; }, 1500);
  }
  function fill(told) {
    $("opened").textContent = `#${told.n} ${told.heading}`;
    const parts = [el("p", { class: `verdict tone-${told.tone}` }, el("b", { text: told.answer }), `${told.provider} · ${told.at}`)];
    if (told.why.rule) {
      const reason = el("dl", { class: "reason" }, el("dt", { text: "Rule" }), el("dd", {}, el("code", { text: told.why.rule })),
        el("dt", { text: "Source" }), el("dd", {}, `${told.why.source} `, told.why.mark ? badge(told.why.mark) : null));
      if (told.why.mend) reason.append(el("dt", { text: "To mend" }), el("dd", { class: "mend", text: told.why.mend }));
      parts.push(reason);
    }
    for (const fault of told.why.faults) parts.push(el("p", { class: "struck" }, badge("went wrong on purpose", "warn"), ` ${fault}`));
    for (const note of told.notes) {
      parts.push(el("p", { class: "struck" }, lintBadge(note.verdict), " ", el("b", { text: note.check }), ` ${note.text}`));
    }
    const curl = el("button", { type: "button", text: "Copy as curl" });
    curl.addEventListener("click", () => copy(told.curl, curl));
    parts.push(el("p", { class: "detail-acts" }, curl, el("a", { class: "button", href: `${here}exchanges/${told.n}`, target: "_blank", rel: "noopener", text: "Page of its own" })));
    for (const token of told.tokens) {
      parts.push(block(`JWT in ${token.where}`, true,
        el("p", {}, ...token.validity.flatMap((word) => [badge(word.text, word.tone), " "]), token.signed ? null : badge("no signature", "bad")),
        el("div", { class: "jwt" }, pre(token.header, "header"), pre(token.claims, "claims"))));
    }
    for (const each of told.blocks) {
      parts.push(block(each.title, each.open, each.pairs.length
        ? el("table", {}, el("tbody", {}, ...each.pairs.map(([name, value]) => el("tr", {}, el("th", { scope: "row", text: name }), el("td", { text: value })))))
        : pre(each.text, each.title)));
    }
    parts.push(block("As curl", false, pre(told.curl, "as curl")));
    detail.replaceChildren(...parts);
  }
  async function open(n) {
    try { fill(await ask(`exchanges/${n}`)); } catch (error) { say(error.message, true); return; }
    opened = n;
    for (const item of rows.querySelectorAll(".current")) item.classList.remove("current");
    const item = rows.querySelector(`[data-n="${n}"]`);
    if (item) item.classList.add("current");
    choose("exchange");
    $("opened").focus({ preventScroll: true });
    document.querySelector("aside").scrollTop = 0;
    if (matchMedia("(max-width: 860px)").matches) $("exchange").scrollIntoView();
  }

  /* tabs */
  const panels = [...document.querySelectorAll(".panel")];
  function choose(name, focus) {
    for (const panel of panels) panel.hidden = panel.id !== name;
    for (const tab of $("tabs").children) {
      const on = tab.dataset.panel === name;
      tab.setAttribute("aria-selected", String(on));
      tab.tabIndex = on ? 0 : -1;
      if (on && focus) tab.focus();
    }
    if (name === "tokens" || name === "accounts") refresh();
  }
  function makeTabs() {
    const counted = { break: "faults", lint: "lint" };
    for (const panel of panels) {
      const tab = el("button", { type: "button", role: "tab", id: `tab-${panel.id}`, "aria-controls": panel.id, "data-panel": panel.id, text: panel.dataset.tab });
      const cards = counted[panel.id] && document.querySelector(`[data-cards="${counted[panel.id]}"]`).childElementCount;
      if (counted[panel.id]) tab.append(el("span", { class: "badge warn count", "data-count": counted[panel.id], hidden: !cards, text: cards }));
      tab.addEventListener("click", () => choose(panel.id));
      $("tabs").append(tab);
      panel.setAttribute("role", "tabpanel");
      panel.setAttribute("aria-labelledby", tab.id);
    }
    $("tabs").setAttribute("role", "tablist");
    $("tabs").setAttribute("aria-label", "Inspector");
    $("tabs").hidden = false;
    $("tabs").addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      const at = panels.findIndex((panel) => !panel.hidden);
      choose(panels[(at + step + panels.length) % panels.length].id, true);
    });
    choose("break");
  }

  /* doing */
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (form === filters) { event.preventDefault(); filter(); return; }
    if (form.method !== "post") return;
    event.preventDefault();
    if (form.dataset.sure && !confirm(form.dataset.sure)) return;
    const body = new URLSearchParams(new FormData(form, event.submitter));
    try {
      const told = await ask("do", { method: "POST", body });
      if (document.activeElement) document.activeElement.blur();
      say(told.said);
      for (const pop of document.querySelectorAll(".more[open]")) pop.open = false;
      const doing = body.get("do");
      if (doing === "reset" || doing === "clear") { detail.replaceChildren(); opened = 0; await reload(); }
      await refresh(true);
    } catch (error) { say(error.message, true); }
  });
  function filter() {
    const fields = [...new FormData(filters).entries()].filter(([, value]) => value);
    query = new URLSearchParams(fields).toString();
    history.replaceState(null, "", query ? `?${query}` : location.pathname);
    reload().catch((error) => say(error.message, true));
  }
  let typing = 0;
  filters.addEventListener("input", () => { clearTimeout(typing); typing = setTimeout(filter, 250); });
  filters.querySelector(".apply").hidden = true;
  document.addEventListener("click", (event) => {
    const link = event.target.closest(".row > a, a.open");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    open(Number(link.pathname.split("/").pop()));
  });
  rows.addEventListener("keydown", (event) => {
    const step = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" }[event.key];
    const item = step && event.target.closest(".row");
    if (!item || !item[step]) return;
    event.preventDefault();
    item[step].firstElementChild.focus();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || $("exchange").hidden) return;
    const item = rows.querySelector(".current > a");
    if (item) item.focus();
  });
  $("earlier").addEventListener("click", (event) => { event.preventDefault(); older().catch((error) => say(error.message, true)); });
  $("follow").addEventListener("click", () => reload().catch((error) => say(error.message, true)));
  timeline.addEventListener("scroll", () => {
    if (timeline.scrollTop === 0 && !$("earlier").parentElement.hidden && timeline.matches(":hover")) older().catch(() => {});
  });
  function search() {
    const wanted = $("find").value.trim().toLowerCase(), at = $("pick").elements.provider.value;
    let found = 0;
    for (const button of $("pick").querySelectorAll(".pick")) {
      const meant = button.dataset.providers;
      button.hidden = !button.dataset.find.includes(wanted) || Boolean(at && meant && !meant.split(" ").includes(at));
      found += button.hidden ? 0 : 1;
    }
    for (const set of $("pick").querySelectorAll("fieldset")) set.hidden = !set.querySelector(".pick:not([hidden])");
    $("unfound").hidden = found > 0;
  }
  $("find").addEventListener("input", search);
  $("find").addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
  $("pick").elements.provider.addEventListener("change", search);
  $("present").hidden = false;
  $("present").addEventListener("submit", () => { $("present").elements.at.value = (Date.now() / 1000).toFixed(3); }, true);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) refresh(); });

  makeTabs();
  search();
  listen();
  toEnd();
})();
