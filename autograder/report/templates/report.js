// Sorts and filters the tables of submissions. Without it the page says the same.
for (const table of document.querySelectorAll("table[data-rows]")) {
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const heads = [...table.tHead.rows[0].cells];
  const value = (row, column) => {
    const text = row.cells[column].textContent.trim();
    const number = parseFloat(text);
    return Number.isNaN(number) ? (column ? -1 : text.toLowerCase()) : column ? number : text.toLowerCase();
  };
  heads.forEach((head, column) => {
    if (head.hasAttribute("data-plain")) return;
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const up = head.getAttribute("aria-sort") === "ascending";
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", up ? "descending" : "ascending");
      const keyed = rows.map((row, place) => [value(row, column), place, row]);
      keyed.sort(([a, i], [b, j]) => (a < b ? -1 : a > b ? 1 : 0) * (up ? -1 : 1) || i - j);
      body.append(...keyed.map((item) => item[2]));
    });
  });
  const texts = rows.map((row) => `${row.textContent} ${row.dataset.find || ""}`.toLowerCase());
  const tools = document.createElement("div");
  const label = document.createElement("label");
  const input = document.createElement("input");
  const shown = document.createElement("output");
  tools.className = "tools";
  label.textContent = "Show rows with";
  input.type = "search";
  input.placeholder = "name, mistake or note";
  label.append(input);
  tools.append(label, shown);
  table.parentElement.before(tools);
  const filter = () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    rows.forEach((row, place) => {
      row.hidden = !words.every((word) => texts[place].includes(word));
      count += !row.hidden;
    });
    shown.textContent = `${count} of ${rows.length} shown`;
  };
  input.addEventListener("input", filter);
  filter();
}
