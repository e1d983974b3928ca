// "Use my location": only on a press. The place is rounded to two decimals (about half a mile) before it goes anywhere.
"use strict";

for (const part of document.querySelectorAll("[data-here]")) {
  if (!("geolocation" in navigator) || !window.isSecureContext) continue;
  const button = part.querySelector("button");
  const status = part.querySelector("[role=status]");
  const near = part.closest("form").elements.near;
  const say = (text) => {
    status.textContent = text;
    button.disabled = text === button.dataset.asks;
  };
  const found = ({ coords }) => {
    near.value = `${coords.latitude.toFixed(2)},${coords.longitude.toFixed(2)}`;
    say(button.dataset.done);
    near.focus();
  };
  const refused = () => {
    say(button.dataset.refused);
    near.focus();
  };
  button.addEventListener("click", () => {
    say(button.dataset.asks);
    navigator.geolocation.getCurrentPosition(found, refused, { maximumAge: 600000, timeout: 20000 });
  });
  part.hidden = false;
}
