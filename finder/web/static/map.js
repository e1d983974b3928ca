// Makes the drawn map one to move about in. All that it shows is read from the drawing, in the language of the page;
// without this script, or without Leaflet, the drawing stays. It asks nobody for anything, until streets are asked for.

const drawing = document.getElementById("drawing");
const live = document.querySelector("[data-live]");
const METERS_IN_A_MILE = 1609.344;
const MILES_IN_A_DEGREE = 69.09; // of latitude
const GAP = 4;
const CALM = matchMedia("(prefers-reduced-motion: reduce)").matches;
const LEADER = { className: "map-leader", interactive: false };

if (window.L && drawing && live) {
  live.hidden = false;
  drawing.classList.add("drawing-replaced");
  const map = makeMap();
  const outermost = drawRings(map);
  drawTowns(map);
  const markers = drawSpots(map);
  const leaders = L.layerGroup().addTo(map);
  map.on("zoomend", makeRoom);
  showAll();
  wireCards();
  wireControls();
  wireStreets();

  function place(element) {
    return [Number(element.dataset.latitude), Number(element.dataset.longitude)];
  }

  function makeMap() {
    live.setAttribute("role", "region");
    return L.map(live, {
      attributionControl: false, // said below the map, in the language of the page
      zoomControl: false, // larger buttons stand below the map
      scrollWheelZoom: false, // the wheel scrolls the page
      dragging: !L.Browser.mobile, // so does a finger
      zoomSnap: 0.25,
      maxZoom: 16,
      zoomAnimation: !CALM,
      fadeAnimation: !CALM,
      markerZoomAnimation: !CALM,
      inertia: !CALM,
    }).setView(place(drawing), 8);
  }

  function drawRings(onto) {
    const center = place(drawing);
    const rings = [...drawing.querySelectorAll("[data-miles]")].map((ring) => {
      const radius = Number(ring.dataset.miles) * METERS_IN_A_MILE;
      return L.circle(center, { radius, className: "map-ring", interactive: false }).addTo(onto);
    });
    for (const words of drawing.querySelectorAll("[data-miles-label]")) {
      const north = Number(words.dataset.milesLabel) / MILES_IN_A_DEGREE;
      const bearing = (Number(words.dataset.bearing) * Math.PI) / 180;
      const east = north / Math.cos((center[0] * Math.PI) / 180);
      const where = [center[0] + north * Math.cos(bearing), center[1] + east * Math.sin(bearing)];
      write(onto, where, words.textContent, "map-word-miles");
    }
    if (rings.length) write(onto, center, "+", "map-word-miles");
    return rings.at(-1);
  }

  function drawTowns(onto) {
    for (const town of drawing.querySelectorAll("[data-town]")) {
      const side = town.classList.contains("map-left") ? " map-word-left" : "";
      write(onto, place(town), town.textContent, `map-word-town${side}`);
    }
  }

  function write(onto, where, words, kind) {
    const span = document.createElement("span");
    span.textContent = words;
    const icon = L.divIcon({ className: `map-word ${kind}`, html: span, iconSize: [0, 0] });
    const marker = L.marker(where, { icon, interactive: false, keyboard: false, zIndexOffset: -1000 }).addTo(onto);
    marker.getElement().setAttribute("aria-hidden", "true");
  }

  function drawSpots(onto) {
    const found = new Map();
    for (const spot of drawing.querySelectorAll(".map-spot")) {
      const label = document.createElement("span");
      label.textContent = spot.querySelector("text").textContent;
      const icon = L.divIcon({ className: "spot", html: label, iconSize: null }); // its size is in map.css
      const marker = L.marker(place(spot), { icon, riseOnHover: true, truly: L.latLng(place(spot)) }).addTo(onto);
      marker.getElement().setAttribute("aria-label", spot.getAttribute("aria-label"));
      marker.bindPopup(() => whoIsThere(spot), { autoPanPadding: [16, 16] });
      marker.on("popupopen", (event) => opened(event.popup, spot));
      marker.on("popupclose", (event) => closed(event.popup, spot));
      found.set(spot.id, marker);
    }
    return found;
  }

  // Spots that would cover others at this zoom step aside, with a line to where they really are.
  function makeRoom() {
    const taken = [];
    leaders.clearLayers();
    for (const marker of markers.values()) {
      const { truly } = marker.options;
      const { offsetWidth: width, offsetHeight: height } = marker.getElement();
      const start = map.latLngToLayerPoint(truly);
      const free = (point) => taken.every((other) => !meet(other, { point, width, height }));
      const point = [start, ...aside(start)].find(free) ?? start;
      taken.push({ point, width, height });
      marker.setLatLng(point === start ? truly : map.layerPointToLatLng(point));
      if (point !== start) L.polyline([truly, marker.getLatLng()], LEADER).addTo(leaders);
    }
  }

  function meet(one, other) {
    const across = Math.abs(one.point.x - other.point.x) < (one.width + other.width) / 2 + GAP;
    return across && Math.abs(one.point.y - other.point.y) < (one.height + other.height) / 2 + GAP;
  }

  // Places ever farther from a point, all around it.
  function aside(point) {
    const places = [];
    for (let away = 6; away < 400; away += 6) {
      for (let turn = 0; turn < 16; turn++) {
        const angle = (2 * Math.PI * turn) / 16;
        places.push(point.add([away * Math.cos(angle), away * Math.sin(angle)]));
      }
    }
    return places;
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

  function closed(popup, spot) {
    light(spot, false);
    if (popup.getElement().contains(document.activeElement)) markers.get(spot.id).getElement().focus();
  }

  function light(spot, on) {
    markers.get(spot.id).getElement()?.classList.toggle("spot-open", on);
    for (const card of cardsOf(spot)) card.classList.toggle("listing-on", on);
  }

  function showAll() {
    const points = [...markers.values()].map((marker) => marker.options.truly);
    const bounds = outermost?.getBounds() ?? (points.length ? L.latLngBounds(points) : null);
    if (bounds) map.fitBounds(bounds, { padding: [24, 24], maxZoom: 14, animate: false });
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
        map.panTo(marker.options.truly, { animate: false });
        marker.openPopup();
      });
    }
  }

  function wireControls() {
    const controls = document.querySelector("[data-controls]");
    const move = (east, south) => {
      const step = map.getSize().divideBy(3);
      map.panBy([east * step.x, south * step.y], { animate: !CALM });
    };
    const actions = {
      in: () => map.zoomIn(1),
      out: () => map.zoomOut(1),
      north: () => move(0, -1),
      south: () => move(0, 1),
      west: () => move(-1, 0),
      east: () => move(1, 0),
      all: showAll,
    };
    controls.hidden = false;
    live.addEventListener("keydown", (event) => {
      if (event.key === "Escape") map.closePopup(); // Leaflet does so only while the map itself has the focus
    });
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
