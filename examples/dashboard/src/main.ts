import { sparkline } from "./chart";
import services from "./services.json";
import { format, summarise } from "./statistics";
import "./style.css";

interface Service {
  name: string;
  samples: number[];
}

function card({ name, samples }: Service): string {
  const { median, slowest } = summarise(samples);
  const state = slowest > 2 * median ? "spiky" : "steady";
  return `<article class="${state}">
    <h2>${name}</h2>${sparkline(samples)}
    <p><strong>${format(median)}</strong> median, ${format(slowest)} slowest</p>
  </article>`;
}

const root = document.querySelector("#dashboard");
if (root) {
  root.innerHTML = (services as Service[]).map(card).join("");
}
