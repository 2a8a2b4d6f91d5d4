import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** `npm run dev` talks to a gateway on ARGUS_DEV_GATEWAY (default http://127.0.0.1:7300). */
const gateway = process.env['ARGUS_DEV_GATEWAY'] ?? 'http://127.0.0.1:7300';

export default defineConfig({
  plugins: [react(), tailwindcss()],
  resolve: { conditions: ['@argus/source', 'module', 'browser', 'import'] },
  build: { target: 'es2023', sourcemap: false, chunkSizeWarningLimit: 700 },
  server: { proxy: { '/api': { target: gateway, ws: true }, '/socket.io': { target: gateway, ws: true } } },
});
