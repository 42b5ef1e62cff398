/** What the interface says, in English: ICU message format, one file an area. A new area is a file here and one in zh/. */
import { gallery } from "./gallery";
import { groups } from "./groups";
import { versions } from "./versions";
import { transfer } from "./transfer";
import { notices } from "./notices";
import { storage } from "./storage";
import { people } from "./people";
import { todo } from "./todo";
import { hosts } from "./hosts";
import { images } from "./images";
import { models } from "./models";
import { datasets } from "./datasets";
import { assets } from "./assets";
import { canvas } from "./canvas";
import { editor } from "./editor";
import { charts } from "./charts";
import { runs } from "./runs";
import { home } from "./home";
import { ports } from "./ports";
import { run } from "./run";
import { schedules } from "./schedules";
import { shell } from "./shell";
import { forms } from "./forms";
import { inspector } from "./inspector";
import { placeholders } from "./placeholders";

export const en = {
  ...gallery,
  ...groups,
  ...versions,
  ...transfer,
  ...notices,
  ...storage,
  ...people,
  ...todo,
  ...hosts,
  ...images,
  ...models,
  ...datasets,
  ...assets,
  ...canvas,
  ...editor,
  ...charts,
  ...runs,
  ...home,
  ...ports,
  ...run,
  ...schedules,
  ...shell,
  ...forms,
  ...inspector,
  ...placeholders,
} as const;
