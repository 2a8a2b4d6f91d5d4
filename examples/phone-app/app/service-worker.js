// The server puts VERSION and SHELL before this.
/* global VERSION, SHELL */
self.addEventListener('install', (event) => event.waitUntil(caches.open(VERSION).then((cache) => cache.addAll(SHELL)).then(() => self.skipWaiting())));
self.addEventListener('activate', (event) => event.waitUntil(caches.keys().then((names) => Promise.all(names.filter((name) => name !== VERSION).map((name) => caches.delete(name)))).then(() => self.clients.claim())));

/** The app opens without a network. Events and pictures are never kept: a lost phone has no footage. */
self.addEventListener('fetch', (event) => {
  const { pathname, origin } = new URL(event.request.url);
  if (event.request.method !== 'GET' || origin !== self.location.origin || !SHELL.includes(pathname)) return;
  event.respondWith(caches.open(VERSION).then(async (cache) => (await cache.match(pathname)) ?? fetch(event.request)));
});
