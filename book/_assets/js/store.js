// Keeps the reader's marks and answers in this browser. They are sent nowhere.
export function load(key) {
  try {
    return JSON.parse(localStorage.getItem(key)) ?? {};
  } catch {
    return {}; // storage is off, or holds something else
  }
}

export function save(key, value) {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // Storage is off: the mark lasts as long as the page.
  }
}
