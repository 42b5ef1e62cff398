import { CircleAlert } from "lucide-react";
import { Component, type ReactNode } from "react";
import { t } from "@/i18n/i18n";
import { Button } from "@/ui/Button";
import { EmptyState } from "@/ui/States";

interface Props {
  readonly children: ReactNode;
}

interface State {
  readonly failed: boolean;
  readonly path: string;
}

/** A page that throws takes only itself down; going elsewhere begins anew. */
export class ErrorBoundary extends Component<Props, State> {
  override state: State = { failed: false, path: "" };

  static getDerivedStateFromError(): State {
    return { failed: true, path: location.pathname };
  }

  override render() {
    if (!this.state.failed) return this.props.children;
    const again = () => {
      this.setState({ failed: false });
    };
    return (
      <div role="alert">
        <EmptyState page tone="bad" icon={<CircleAlert size={22} />} title={t("app.crash.title")} actions={<Button onPress={again}>{t("app.crash.again")}</Button>}>
          {t("app.crash.text")}
        </EmptyState>
      </div>
    );
  }

  override componentDidUpdate() {
    if (this.state.failed && location.pathname !== this.state.path) this.setState({ failed: false });
  }
}
