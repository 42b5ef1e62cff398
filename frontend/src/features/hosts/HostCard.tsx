import { Cpu, MemoryStick, ShieldAlert, ShieldCheck, ShieldQuestion } from "lucide-react";
import { formatBytes, formatDate, formatDuration, formatNumber, sayProblem, t } from "@/i18n/i18n";
import { asProblem } from "@/model/problems";
import { Badge } from "@/ui/Badge";
import { classes } from "@/ui/classes";
import { useNow } from "@/ui/clock";
import { cardsByType, isolationOf, shareOf, type Amount, type Host, type Isolation } from "./hosts";
import styles from "./HostsPage.module.css";

const MB = 1_000_000;
const SHIELDS: Readonly<Record<Isolation, typeof ShieldCheck>> = { namespaces: ShieldCheck, landlock: ShieldCheck, none: ShieldAlert, unknown: ShieldQuestion };
const TONES = { namespaces: "good", landlock: "good", none: "warn", unknown: "idle" } as const;

export function HostCard({ host }: { readonly host: Host }) {
  const now = useNow(1_000);
  const silent = Math.max(0, (now - new Date(host.heartbeat_at).getTime()) / 1_000);
  const isolation = isolationOf(host.isolation);
  const Shield = SHIELDS[isolation];
  return (
    <article className={classes(styles.host, !host.online && styles.away)} aria-label={host.name} data-testid="host">
      <header className={styles.hostHead}>
        <h2 className={styles.hostName}>{host.name}</h2>
        <Badge tone={host.online ? "good" : "bad"}>{host.online ? t("hosts.online") : t("hosts.offline")}</Badge>
        {host.pools.map((pool) => (
          <Badge key={pool}>{t("hosts.pool", { pool })}</Badge>
        ))}
        <span className={styles.hostAside}>{t("hosts.runningHere", { count: host.attempts })}</span>
      </header>
      <div className={styles.hostBody}>
        <Meter icon={<Cpu size={14} />} label={t("hosts.slots")} amount={{ used: host.cpu - host.free_cpu, total: host.cpu }} show={(value) => formatNumber(value, { maximumFractionDigits: 1 })} />
        <Meter icon={<MemoryStick size={14} />} label={t("hosts.memory")} amount={{ used: host.memory_mb - host.free_memory_mb, total: host.memory_mb }} show={(value) => formatBytes(value * MB)} />
        <Cards host={host} />
        {host.held !== null && <Held reason={host.held} />}
        <div className={styles.isolation} data-isolation={isolation}>
          <span className={styles.shield} data-tone={TONES[isolation]}>
            <Shield size={16} aria-hidden="true" />
          </span>
          <div>
            <p>
              <strong>{t(`hosts.isolation.${isolation}`)}</strong> {t(`hosts.isolation.${isolation}.text`)}
            </p>
            <p data-testid="host-containers">{host.containers === "" ? t("hosts.containers.none") : t("hosts.containers", { engine: host.containers })}</p>
            {host.fences !== null && <Fences fences={host.fences} />}
          </div>
        </div>
      </div>
      <footer className={styles.hostFoot}>
        <span>{host.version === "" ? t("hosts.noVersion") : t("hosts.version", { version: host.version })}</span>
        <time dateTime={host.heartbeat_at} title={formatDate(host.heartbeat_at, { dateStyle: "medium", timeStyle: "medium" })} className={styles.heartbeat}>
          {t("hosts.heartbeat", { time: formatDuration(Math.max(1, Math.round(silent))) })}
        </time>
      </footer>
    </article>
  );
}

/** What else holds for steps there, each in a few words. */
function Fences({ fences }: { readonly fences: NonNullable<Host["fences"]> }) {
  const enforced = fences.processes_by === "watched" ? "watched" : "kernel";
  return (
    <ul className={styles.fences} aria-label={t("hosts.fences")} data-testid="host-fences">
      <li>{t(`hosts.fences.processes.${enforced}`, { count: fences.processes })}</li>
      <li>{fences.disk_mb === null ? t("hosts.fences.disk.share") : t("hosts.fences.disk", { size: formatBytes(fences.disk_mb * MB) })}</li>
      <li>{t(fences.network === "closed" ? "hosts.fences.network.closed" : fences.network_possible ? "hosts.fences.network.open" : "hosts.fences.network.cannot")}</li>
    </ul>
  );
}

/** Why nothing new starts on a machine that is there. */
function Held({ reason }: { readonly reason: unknown }) {
  const { message, hint } = sayProblem(asProblem(reason));
  return (
    <div className={styles.isolation} role="status" data-testid="host-held">
      <span className={styles.shield} data-tone="warn">
        <ShieldAlert size={16} aria-hidden="true" />
      </span>
      <p>
        <strong>{message}</strong> {hint}
      </p>
    </div>
  );
}

interface MeterProps {
  readonly icon: React.ReactNode;
  readonly label: string;
  readonly amount: Amount;
  readonly show: (value: number) => string;
}

function Meter({ icon, label, amount, show }: MeterProps) {
  const share = shareOf(amount);
  const text = t("hosts.used", { used: show(amount.used), total: show(amount.total) });
  return (
    <div className={styles.meter}>
      <div className={styles.meterWords}>
        {icon}
        <span>{label}</span>
        <span className={styles.meterValue}>{text}</span>
      </div>
      <div role="meter" aria-label={label} aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.round(share * 100)} aria-valuetext={text} className={styles.track}>
        <span className={classes(styles.fill, share >= 0.999 && styles.full)} style={{ width: `${String(share * 100)}%` }} />
      </div>
    </div>
  );
}

function Cards({ host }: { readonly host: Host }) {
  if (host.gpus.length === 0) return <p className={styles.noCards}>{t("hosts.noGpus")}</p>;
  return (
    <div className={styles.cards}>
      {cardsByType(host).map(([type, cards]) => (
        <div key={type} className={styles.cardGroup}>
          <span className={styles.cardType}>{type === "" ? t("hosts.gpu") : type}</span>
          <ul className={styles.cardList} aria-label={type === "" ? t("hosts.gpu") : type}>
            {cards.map((card, index) => (
              <li key={card.uuid} className={classes(styles.gpu, !card.free && styles.busy)} data-free={card.free}>
                {String(index)}
                <span className={styles.gpuState}>{card.free ? t("hosts.gpu.free") : t("hosts.gpu.busy")}</span>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </div>
  );
}
