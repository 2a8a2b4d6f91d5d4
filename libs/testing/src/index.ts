export {};
export { startProduct, waitFor, isBuilt, type Product, type ProductOptions } from './product.js';
export { startWebhookReceiver, isSignatureValid, type WebhookReceiver, type ReceivedDelivery } from './webhook-receiver.js';
