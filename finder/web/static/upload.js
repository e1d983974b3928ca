// Sending files: how much has arrived, then that they are being read. Without this script the form works as any other.
"use strict";

document.addEventListener("submit", (event) => {
  const form = event.target;
  const part = form.querySelector("[data-upload]");
  if (!part) return;
  event.preventDefault();
  if (form.ariaBusy === "true") return;

  const bar = part.querySelector("progress");
  const status = part.querySelector("[role=status]");
  const say = (text) => {
    if (status.textContent !== text) status.textContent = text;
  };
  const wait = (text) => {
    form.ariaBusy = "true";
    part.hidden = bar.hidden = false;
    say(text);
  };
  const stop = (text) => {
    form.ariaBusy = "false";
    part.hidden = false;
    bar.hidden = true;
    say(text);
  };

  const files = [...form.querySelectorAll("input[type=file]")].flatMap((input) => [...input.files]);
  const size = files.reduce((sum, file) => sum + file.size, 0);
  if (size > Number(part.dataset.most)) {
    stop(part.dataset.tooLarge);
    return;
  }

  const sending = new XMLHttpRequest();
  sending.open("POST", form.action);
  sending.setRequestHeader("Accept", "text/html");
  sending.upload.onprogress = (sent) => {
    if (sent.lengthComputable) bar.value = sent.loaded / sent.total;
  };
  sending.upload.onload = () => {
    bar.removeAttribute("value");
    say(part.dataset.reading);
  };
  sending.onerror = sending.onabort = () => stop(part.dataset.broken);
  sending.onload = () => {
    // The answer is a whole page, the draft or this form with what was wrong: it takes the place of this one.
    if (!sending.getResponseHeader("Content-Type")?.startsWith("text/html")) {
      stop(part.dataset.broken);
      return;
    }
    const page = new DOMParser().parseFromString(sending.responseText, "text/html");
    history.replaceState(null, "", sending.responseURL);
    document.documentElement.replaceWith(document.adoptNode(page.documentElement));
    const first = document.querySelector("[autofocus]") || document.querySelector("h1");
    if (!first.hasAttribute("autofocus")) first.tabIndex = -1;
    first.focus();
    window.scrollTo(0, first.hasAttribute("autofocus") ? window.scrollY : 0);
  };
  bar.value = 0;
  wait(part.dataset.sending);
  sending.send(new FormData(form));
});
