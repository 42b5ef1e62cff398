import { tidied, type TidyRequest } from "./tidy";

addEventListener("message", (event: MessageEvent<TidyRequest>) => {
  postMessage(tidied(event.data));
});
