export { startGateway, type Gateway, type GatewayOptions } from './start-gateway.js';
export { readSettings, type Settings } from './settings.js';
