// Keeps the page as it is at the server, without a flash: fetches itself and
// exchanges what has changed. Without this script a reload does the same.
(() => {
  "use strict";
  const every = 15000;
  const lost = document.getElementById("lost");
  let before = null;

  async function refresh() {
    if (document.hidden) return;
    try {
      const answer = await fetch(location.href, { cache: "no-store", credentials: "same-origin" });
      if (!answer.ok) throw new Error(String(answer.status));
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("page");
      if (!fresh) throw new Error("no page");
      lost.hidden = true;
      const html = fresh.innerHTML;
      if (html !== before && exchange(fresh)) before = html;
    } catch {
      lost.hidden = false;
    }
  }

  function exchange(fresh) {
    const page = document.getElementById("page");
    if (page.contains(document.activeElement) && document.activeElement !== document.body) return false; // somebody is in it
    if (String(getSelection())) return false; // somebody is copying
    const open = [...page.querySelectorAll("details[open]")].map((d) => d.id);
    const y = scrollY;
    page.replaceChildren(...fresh.childNodes);
    for (const id of open) document.getElementById(id)?.setAttribute("open", "");
    scrollTo(0, y);
    return true;
  }

  setInterval(refresh, every);
  document.addEventListener("visibilitychange", refresh);
})();
