// Makes the drawn map one to move about in. All that it shows is read from the drawing, in the language of the page;
// without this script, or without Leaflet, the drawing stays. It asks nobody for anything, until streets are asked for.

const drawing = document.getElementById("drawing");
const live = document.querySelector("[data-live]");
const METERS_IN_A_MILE = 1609.344;

if (window.L && drawing && live) {
  live.hidden = false;
  drawing.classList.add("drawing-replaced");
  const map = makeMap();
  const everything = drawRings(map);
  const markers = drawSpots(map);
  drawTowns(map);
  showAll();
  wireCards();
  wireControls();
  wireStreets();

  function place(element) {
    return [Number(element.dataset.latitude), Number(element.dataset.longitude)];
  }

  function makeMap() {
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    live.setAttribute("role", "application");
    return L.map(live, {
      attributionControl: false, // said below the map, in the language of the page
      zoomControl: false, // larger buttons stand below the map
      scrollWheelZoom: false, // the wheel scrolls the page
      dragging: !L.Browser.mobile, // so does a finger
      zoomSnap: 0.25,
      maxZoom: 16,
      zoomAnimation: !calm,
      fadeAnimation: !calm,
      markerZoomAnimation: !calm,
      inertia: !calm,
    }).setView(place(drawing), 8);
  }

  function drawRings(onto) {
    const center = place(drawing);
    const rings = [...drawing.querySelectorAll("[data-miles]")].map((ring) =>
      L.circle(center, {
        radius: Number(ring.dataset.miles) * METERS_IN_A_MILE,
        className: "map-ring",
        interactive: false,
      }).addTo(onto),
    );
    for (const words of drawing.querySelectorAll("[data-miles-label]")) {
      const miles = Number(words.dataset.milesLabel);
      write(onto, [center[0] - miles / 69.05, center[1]], words.textContent, "map-word-miles");
    }
    return rings.length ? rings.at(-1).getBounds() : null;
  }

  function drawTowns(onto) {
    for (const town of drawing.querySelectorAll("[data-town]")) {
      write(onto, place(town), town.textContent, "map-word-town");
    }
  }

  function write(onto, where, words, kind) {
    const span = document.createElement("span");
    span.textContent = words;
    const icon = L.divIcon({ className: `map-word ${kind}`, html: span, iconSize: null, iconAnchor: [4, 9] });
    const marker = L.marker(where, { icon, interactive: false, keyboard: false, zIndexOffset: -1000 }).addTo(onto);
    marker.getElement().setAttribute("aria-hidden", "true");
  }

  function drawSpots(onto) {
    const found = new Map();
    for (const spot of drawing.querySelectorAll(".map-spot")) {
      const label = document.createElement("span");
      label.textContent = spot.querySelector("text").textContent;
      const wide = Math.max(44, 24 + 11 * label.textContent.length);
      const icon = L.divIcon({ className: "spot", html: label, iconSize: [wide, 44] });
      const marker = L.marker(place(spot), { icon, riseOnHover: true }).addTo(onto);
      marker.getElement().setAttribute("aria-label", spot.getAttribute("aria-label"));
      marker.bindPopup(() => whoIsThere(spot), { autoPanPadding: [16, 16] });
      marker.on("popupopen", (event) => opened(event.popup, spot));
      marker.on("popupclose", () => light(spot, false));
      found.set(spot.id, marker);
    }
    return found;
  }

  function cardsOf(spot) {
    return spot.dataset.listed.split(" ").map((number) => document.getElementById(`listing-${number}`));
  }

  // The names of those at a spot, each a link to its card.
  function whoIsThere(spot) {
    const list = document.createElement("ul");
    list.className = "plain";
    for (const card of cardsOf(spot)) {
      const link = document.createElement("a");
      link.href = `#${card.id}`;
      link.textContent = card.querySelector("h3").innerText;
      const item = document.createElement("li");
      item.append(link);
      list.append(item);
    }
    return list;
  }

  function opened(popup, spot) {
    const close = popup.getElement().querySelector(".leaflet-popup-close-button");
    close?.setAttribute("aria-label", live.dataset.close);
    light(spot, true);
    popup.getElement().querySelector("li a").focus({ preventScroll: true });
  }

  function light(spot, on) {
    markers.get(spot.id).getElement()?.classList.toggle("spot-on", on);
    for (const card of cardsOf(spot)) card.classList.toggle("listing-on", on);
  }

  function showAll() {
    const spots = L.featureGroup([...markers.values()]);
    const bounds = everything ?? (markers.size ? spots.getBounds() : null);
    if (bounds) map.fitBounds(bounds, { padding: [24, 24], maxZoom: 13, animate: false });
  }

  function wireCards() {
    for (const card of document.querySelectorAll("[data-spot]")) {
      const element = () => markers.get(card.dataset.spot).getElement();
      for (const name of ["mouseenter", "focusin"]) {
        card.addEventListener(name, () => element()?.classList.add("spot-on"));
      }
      for (const name of ["mouseleave", "focusout"]) {
        card.addEventListener(name, () => element()?.classList.remove("spot-on"));
      }
    }
    for (const link of document.querySelectorAll("[data-show]")) {
      link.addEventListener("click", (event) => {
        event.preventDefault();
        live.scrollIntoView({ block: "nearest" });
        const marker = markers.get(link.dataset.show);
        map.setView(marker.getLatLng(), Math.max(map.getZoom(), 11), { animate: false });
        marker.openPopup();
      });
    }
  }

  function wireControls() {
    const controls = document.querySelector("[data-controls]");
    const step = () => map.getSize().divideBy(3);
    const actions = {
      in: () => map.zoomIn(1),
      out: () => map.zoomOut(1),
      north: () => map.panBy([0, -step().y]),
      south: () => map.panBy([0, step().y]),
      west: () => map.panBy([-step().x, 0]),
      east: () => map.panBy([step().x, 0]),
      all: showAll,
    };
    controls.hidden = false;
    controls.addEventListener("click", (event) => {
      const button = event.target.closest("[data-do]");
      if (button) actions[button.dataset.do]();
    });
  }

  function wireStreets() {
    const offer = document.querySelector("[data-streets]");
    if (!offer) return;
    offer.hidden = false;
    offer.querySelector("[data-tiles]").addEventListener("click", (event) => {
      // Those who draw the streets are told which site asks, as many of them demand, and not which page.
      L.tileLayer(event.currentTarget.dataset.tiles, { maxZoom: 16, referrerPolicy: "origin" }).addTo(map);
      offer.hidden = true;
      document.querySelector("[data-streets-source]").hidden = false;
      live.focus({ preventScroll: true });
    });
  }
}
