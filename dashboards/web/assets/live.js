// Keeps the page as it is at the server, without a flash: fetches the page and
// exchanges what is in it. Focus, scroll and open details stay as they are.
// Without this script, reloading by hand does the same.
(() => {
  "use strict";
  const every = Number(document.currentScript.dataset.every) || 15000, patience = 10000; // milliseconds
  const lost = document.getElementById("lost");
  let busy = false;

  async function refresh() {
    if (document.hidden || busy) return;
    busy = true;
    try {
      const answer = await fetch(location.pathname + location.search, { cache: "no-store", signal: AbortSignal.timeout(patience) });
      if (answer.status >= 500) throw new Error(answer.status);
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (!fresh.getElementById("page")) throw new Error("not our page");
      lost.hidden = true;
      exchange(fresh);
    } catch {
      lost.hidden = false;
    } finally {
      busy = false;
    }
  }

  function exchange(fresh) {
    const page = document.getElementById("page");
    const selection = getSelection();
    if (!selection.isCollapsed && page.contains(selection.anchorNode)) return; // somebody is copying
    if (page.querySelector("input:focus")) return; // somebody is typing
    const back = [reopen(page), refocus(page), rescroll(page)];
    page.replaceChildren(...fresh.getElementById("page").childNodes);
    for (const restore of back) restore();
    document.title = fresh.title;
    const said = fresh.getElementById("lost"); // names the time of what is shown now
    if (said) lost.textContent = said.textContent;
  }

  function reopen(page) {
    const ids = [...page.querySelectorAll("details[open]")].map((d) => d.id);
    return () => ids.forEach((id) => document.getElementById(id)?.setAttribute("open", ""));
  }

  function refocus(page) {
    const had = document.activeElement;
    if (!had || !page.contains(had)) return () => {};
    const within = had.closest("[id]").id, name = had.localName, href = had.getAttribute("href");
    return () => {
      const place = document.getElementById(within) || page;
      const same = place.matches(name) ? place : [...place.querySelectorAll(name)].find((e) => e.getAttribute("href") === href);
      same?.focus({ preventScroll: true });
    };
  }

  // What the reader looks at stays where it is, though new mentions push it down.
  function rescroll(page) {
    const x = scrollX, y = scrollY, rows = document.getElementById("rows")?.scrollTop;
    const seen = [...page.querySelectorAll("article[id]")].find((a) => a.getBoundingClientRect().top >= 0);
    const top = seen?.getBoundingClientRect().top;
    const reading = seen && document.getElementById("latest").getBoundingClientRect().top < 0;
    return () => {
      scrollTo(x, y);
      const same = reading && document.getElementById(seen.id);
      if (same) scrollBy(0, same.getBoundingClientRect().top - top);
      if (rows) document.getElementById("rows").scrollTop = rows;
    };
  }

  setInterval(refresh, every);
  document.addEventListener("visibilitychange", refresh);
})();
