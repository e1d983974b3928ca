// Comfort on the page of a list: buttons that print it and copy its link. Without script the page says how to do both.

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
  for (const advice of document.querySelectorAll("[data-without-script]")) advice.hidden = true;
}

for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue; // only pages that come over https may copy
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim());
    document.querySelector("[data-copy-status]").textContent = button.dataset.copied;
  });
}
