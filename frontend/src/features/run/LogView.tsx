/** The log of a step: follows while one is at its end, stands still while one reads, finds text anywhere in it. */

import { ArrowDownToLine, ChevronDown, ChevronUp, Download } from "lucide-react";
import { useEffect, useLayoutEffect, useRef, useState, useSyncExternalStore, type KeyboardEvent, type RefObject } from "react";
import { ApiError } from "@/api/client";
import { rangeReader, type ReadRange } from "@/api/ranges";
import { formatBytes, formatNumber, t, useLanguage } from "@/i18n/i18n";
import { Button, IconButton } from "@/ui/Button";
import { SearchField } from "@/ui/Field";
import { EmptyState, ErrorState, Loading, Skeleton } from "@/ui/States";
import { pieces } from "./ansi";
import { LogBook, type LogLine, type LogState } from "./logBook";
import styles from "./Log.module.css";
import { logUrl } from "./ranges";
import { useFollowing, type RunSession } from "./session";
import { useLogSearch } from "./useLogSearch";

const ROW = 18;
const OVERSCAN = 20;
/** A turn of the wheel goes on scrolling for a while. */
const HAND_MS = 600;
const NEAR = 40;

interface Props {
  readonly session: RunSession;
  readonly step: string;
  /** Another attempt than the newest; it does not grow any more. */
  readonly attempt?: string | null;
  /** Where to begin: at a place instead of the end. */
  readonly offset?: number | null;
}

export function LogView(props: Props) {
  const newest = useFollowing(props.session, ({ view }) => view?.logs[props.step]?.attempt ?? null);
  const known = useFollowing(props.session, ({ view }) => view !== null);
  useLanguage();
  if (!known) return <LogLoading />;
  const attempt = props.attempt ?? newest;
  if (attempt === null) return <EmptyState title={t("log.none")}>{t("log.none.text")}</EmptyState>;
  return <Opened key={`${props.step} ${attempt} ${String(props.offset ?? "")}`} {...props} attempt={attempt} grows={attempt === newest} />;
}

function LogLoading() {
  return (
    <Loading>
      <div className={styles.loading}>
        {[40, 62, 55, 70, 34].map((width) => (
          <Skeleton key={width} width={`${String(width)}%`} />
        ))}
      </div>
    </Loading>
  );
}

function Opened({ session, step, attempt, offset = null, grows }: Props & { readonly attempt: string; readonly grows: boolean }) {
  const url = logUrl(session.id, step, attempt);
  const [read] = useState(() => rangeReader(url));
  const [book] = useState(() => new LogBook(read));
  const size = useFollowing(session, ({ view }) => (grows ? (view?.logs[step]?.size ?? 0) : null));
  useEffect(() => book.start(offset), [book, offset]);
  useEffect(() => {
    // A log that does not grow any more is read to its end once.
    void (size === null ? book.follow() : book.grew(size));
  }, [book, size]);
  return <Lines book={book} read={read} step={step} url={url} offset={offset} />;
}

interface LinesProps {
  readonly book: LogBook;
  readonly read: ReadRange;
  readonly step: string;
  readonly url: string;
  readonly offset: number | null;
}

function Lines({ book, read, step, url, offset }: LinesProps) {
  useLanguage();
  const log = useSyncExternalStore(book.subscribe, book.getState);
  const frameRef = useRef<HTMLDivElement>(null);
  const sheetRef = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState({ top: 0, height: 400 });
  const [following, setFollowing] = useState(offset === null);
  const [marked, setMarked] = useState<number | null>(offset);
  /** A place that is to be brought into sight as soon as it is here. */
  const wishRef = useRef<number | null>(offset);
  const search = useLogSearch(read);
  const anchorRef = useRef<LogLine | null>(null);
  /** Until when somebody has a hand on it. What comes, goes or is laid out anew scrolls too, and is nobody's wish. */
  const handRef = useRef(0);
  const hand = (): void => {
    handRef.current = performance.now() + HAND_MS;
  };

  const follow = (wish: boolean): void => {
    setFollowing(wish);
    book.setFollowing(wish);
    if (wish) void book.follow();
  };
  const show = (at: number): void => {
    follow(false);
    setMarked(at);
    wishRef.current = at;
    if (at < log.start || at >= log.end) void book.jump(at);
    else center(at);
  };
  const center = (at: number): void => {
    const node = frameRef.current;
    const index = lineAt(book.getState().lines, at);
    if (node === null || index < 0) return;
    wishRef.current = null;
    node.scrollTo({ top: Math.max(0, index * ROW - node.clientHeight / 2) });
  };

  useAnchor(frameRef, log, anchorRef, following);
  useEndInSight(frameRef, sheetRef, following, log.lines.length > 0);
  // After a jump the wanted line is somewhere in the window that comes.
  useLayoutEffect(() => {
    const wish = wishRef.current;
    if (wish !== null && log.loading === null && log.start <= wish && wish < log.end) center(wish);
  });

  const scroll = (): void => {
    const node = frameRef.current;
    if (node === null) return;
    setPlace({ top: node.scrollTop, height: node.clientHeight });
    const first = log.lines[Math.floor(node.scrollTop / ROW)];
    anchorRef.current = first ?? null;
    const below = node.scrollHeight - node.scrollTop - node.clientHeight;
    if (following && performance.now() > handRef.current) {
      if (below > ROW) node.scrollTo({ top: node.scrollHeight });
      return;
    }
    // Who follows stands at the end of what is here, also while more of it is on its way.
    const atEnd = below < ROW * 1.5 && (following || log.end >= log.size);
    if (atEnd !== following) follow(atEnd);
    if (node.scrollTop < NEAR * ROW && log.start > 0) void book.before();
    if (below < NEAR * ROW && log.end < log.size && !atEnd) void book.after();
  };

  if (log.error !== null && log.lines.length === 0) return <Failed error={log.error} onRetry={() => void book.again()} />;
  if (log.lines.length === 0 && log.loading === null) return <EmptyState title={t("log.empty")}>{t("log.empty.text")}</EmptyState>;
  const from = Math.max(0, Math.floor(place.top / ROW) - OVERSCAN);
  const to = Math.min(log.lines.length, Math.ceil((place.top + place.height) / ROW) + OVERSCAN);
  return (
    <div className={styles.log} data-testid="log" data-following={following || undefined} data-size={log.size}>
      <div className={styles.tools}>
        <SearchField label={t("log.search")} value={search.text} onChange={search.setText} onSubmit={() => { const at = search.go(1); if (at !== null) show(at); }} className={styles.search ?? ""} />
        {search.text !== "" && (
          <>
            <span className={styles.found} role="status">
              {search.said}
            </span>
            <IconButton small label={t("log.previous")} icon={<ChevronUp size={14} />} isDisabled={search.count === 0} onPress={() => { const at = search.go(-1); if (at !== null) show(at); }} />
            <IconButton small label={t("log.next")} icon={<ChevronDown size={14} />} isDisabled={search.count === 0} onPress={() => { const at = search.go(1); if (at !== null) show(at); }} />
          </>
        )}
        <span className={styles.size}>{formatBytes(log.size)}</span>
        <a className={styles.download} href={url} download={`${step}.log`} aria-label={t("log.download")}>
          <Download size={14} />
        </a>
      </div>
      <div
        ref={frameRef}
        className={styles.frame}
        onScroll={scroll}
        onWheel={hand}
        onTouchMove={hand}
        onPointerDown={() => { handRef.current = Infinity; }}
        onPointerUp={hand}
        onKeyDown={(event: KeyboardEvent) => {
          hand();
          if (event.key === "End") follow(true);
        }}
        tabIndex={0}
        role="log"
        aria-live="off"
        aria-label={t("log.of", { step })}
      >
        <div ref={sheetRef} style={{ height: log.lines.length * ROW }} className={styles.sheet}>
          <div style={{ transform: `translateY(${String(from * ROW)}px)` }}>
            {log.lines.slice(from, to).map((line, index) => (
              <Line key={line.at} line={line} number={log.firstNumber === null ? null : log.firstNumber + from + index} marked={marked !== null && holds(log.lines, from + index, marked)} />
            ))}
          </div>
        </div>
      </div>
      {!following && (
        <Button small className={styles.toEnd ?? ""} icon={<ArrowDownToLine size={13} />} data-testid="log-follow" onPress={() => { follow(true); }}>
          {log.size > log.end ? t("log.more", { size: formatBytes(log.size - log.end) }) : t("log.toEnd")}
        </Button>
      )}
    </div>
  );
}

/** Keeps what one reads where it is while lines come before it, and the end in sight while one follows. */
function useAnchor(frameRef: RefObject<HTMLDivElement | null>, log: LogState, anchorRef: RefObject<LogLine | null>, following: boolean): void {
  const before = useRef<readonly LogLine[]>([]);
  useLayoutEffect(() => {
    const node = frameRef.current;
    if (node === null) return;
    const { lines } = log;
    if (following) node.scrollTo({ top: node.scrollHeight });
    else if (before.current[0] !== lines[0] && anchorRef.current !== null) {
      const wanted = anchorRef.current.at;
      const was = before.current.findIndex((line) => line.at === wanted);
      const is = lines.findIndex((line) => line.at === wanted);
      if (was >= 0 && is >= 0) node.scrollBy({ top: (is - was) * ROW });
      else anchorRef.current = null;
    }
    before.current = lines;
  }, [frameRef, log, anchorRef, following]);
}

/** Whoever follows sees the end also after the panel or the sheet has become larger or smaller. */
function useEndInSight(frameRef: RefObject<HTMLDivElement | null>, sheetRef: RefObject<HTMLDivElement | null>, following: boolean, there: boolean): void {
  const latest = useRef(following);
  useLayoutEffect(() => {
    latest.current = following;
  }, [following]);
  useEffect(() => {
    const frame = frameRef.current;
    const sheet = sheetRef.current;
    if (frame === null || sheet === null) return;
    const observer = new ResizeObserver(() => {
      if (latest.current) frame.scrollTo({ top: frame.scrollHeight });
    });
    observer.observe(frame);
    observer.observe(sheet);
    return () => {
      observer.disconnect();
    };
  }, [frameRef, sheetRef, there]);
}

export function lineAt(lines: readonly LogLine[], at: number): number {
  return lines.findLastIndex((line) => line.at <= at);
}

function holds(lines: readonly LogLine[], index: number, at: number): boolean {
  const line = lines[index];
  const next = lines[index + 1];
  return line !== undefined && line.at <= at && (next === undefined ? line.at === at : at < next.at);
}

function Line({ line, number, marked }: { readonly line: LogLine; readonly number: number | null; readonly marked: boolean }) {
  return (
    <div className={styles.line} style={{ height: ROW }} data-marked={marked || undefined} data-at={line.at}>
      {number !== null && (
        <span className={styles.number} aria-hidden="true">
          {formatNumber(number, { useGrouping: false })}
        </span>
      )}
      <code>
        {pieces(line.text).map((piece, index) =>
          piece.colour === null && !piece.bold && !piece.dim ? (
            piece.text
          ) : (
            <span key={index} data-colour={piece.colour ?? undefined} data-bold={piece.bold || undefined} data-dim={piece.dim || undefined}>
              {piece.text}
            </span>
          ),
        )}
      </code>
    </div>
  );
}

function Failed({ error, onRetry }: { readonly error: unknown; readonly onRetry: () => void }) {
  if (!(error instanceof ApiError)) return <EmptyState title={t("log.empty")} />;
  // The step has been handed out, and its process has written nothing yet.
  if (error.problem.code === "order.no_log") return <EmptyState title={t("log.none")}>{t("log.none.text")}</EmptyState>;
  return <ErrorState problem={error.problem} onRetry={onRetry} />;
}
