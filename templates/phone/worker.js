// Keeps this edition of the app, whole or not at all, and answers from it; data never passes through here.
const EDITION = "{{ facts.edition }}";
const HOME = "{{ facts.home }}";
const FILES = [{% for file in facts.files %}
  "{{ file|escapejs }}",{% endfor %}
];
const SHELF = `shell-${EDITION}`;

self.addEventListener("install", (event) => event.waitUntil(keep()));

self.addEventListener("activate", (event) => event.waitUntil(tidy()));

self.addEventListener("message", (event) => {
  if (event.data === "take over") self.skipWaiting();
});

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) return;
  if (url.pathname === HOME) event.respondWith(answer(event.request, HOME));
  else if (FILES.includes(url.pathname)) event.respondWith(answer(event.request, url.pathname));
});

async function keep() {
  const shelf = await caches.open(SHELF);
  await Promise.all([HOME, ...FILES].map(async (path) => {
    const response = await fetch(path, { cache: path === HOME ? "no-cache" : "default", credentials: "same-origin" });
    // A sign-in page, or the page of a refusal, is not the app.
    if (!response.ok || response.redirected) throw new Error(`${path}: ${response.status}`);
    await shelf.put(path, response);
  }));
}

async function tidy() {
  for (const name of await caches.keys()) {
    if (name.startsWith("shell-") && name !== SHELF) await caches.delete(name);
  }
  await self.clients.claim();
}

/**
 * @param {Request} request
 * @param {string} path
 */
async function answer(request, path) {
  const kept = await caches.match(path, { cacheName: SHELF });
  return kept || fetch(request);
}
