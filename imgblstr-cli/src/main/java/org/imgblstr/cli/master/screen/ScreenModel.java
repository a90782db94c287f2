package org.imgblstr.cli.master.screen;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.imgblstr.cli.common.report.Progress;
import org.imgblstr.cli.common.report.RateMeter;
import org.imgblstr.cli.common.report.RateText;
import org.imgblstr.cli.common.report.Reporter;
import org.imgblstr.protocol.contract.RefusedSlave;
import org.imgblstr.protocol.contract.SessionPhase;
import org.imgblstr.protocol.session.MasterOptions;
import org.imgblstr.protocol.session.MasterProgress;
import org.imgblstr.protocol.session.SessionControl.Standing;
import org.imgblstr.protocol.session.SlaveProgress;

/** Makes what the screen shows of what is known of the session. Reads no clock. For one thread: the one that draws. */
final class ScreenModel {
    private final String title;
    private final MasterOptions.Start start;
    private final Function<Standing, String> limit;
    private final long openedNs;
    private final Map<Integer, RateMeter> slaveMeters = new HashMap<>();
    private final Map<Integer, Long> lefts = new HashMap<>();
    private final RateMeter wire = new RateMeter();
    private long startedNs;
    private boolean isStarted;

    /**
     * Of one session.
     *
     * @param title what goes where
     * @param start when it starts
     * @param limit what holds it up, as events spell it; "" when nothing is known
     */
    ScreenModel(String title, MasterOptions.Start start, Function<Standing, String> limit, long openedNs) {
        this.title = title;
        this.start = start;
        this.limit = limit;
        this.openedNs = openedNs;
    }

    /**
     * How far the run is, as it was told last.
     *
     * @param rate used bytes a second
     * @param etaSeconds to the end; -1 when nobody knows
     */
    record Told(Progress progress, double rate, long etaSeconds) {
        static final Told NOTHING = new Told(Progress.of("", 0, 0), 0, -1);
    }

    ScreenView view(
            MasterProgress session,
            Told told,
            List<RefusedSlave> refused,
            List<String> events,
            ScreenView.Foot foot,
            long nowNs) {
        List<SlaveRow> rows = session.slaves().stream()
                .map(slave -> row(slave, session, told.progress(), nowNs))
                .toList();
        return new ScreenView(
                head(session, told, refused, nowNs),
                SlaveOrder.worstFirst(rows),
                absent(session, refused),
                events,
                foot);
    }

    private SessionHead head(MasterProgress session, Told told, List<RefusedSlave> refused, long nowNs) {
        Standing standing = session.standing();
        Progress progress = told.progress();
        wire.add(nowNs, progress.wireBytes());
        var joining = new SessionHead.Joining(session.attendance(start, refused), startsIn(nowNs));
        var amounts = new SessionHead.Amounts(
                progress.bytesTotal() - progress.bytesLeft(),
                progress.bytesTotal(),
                told.rate(),
                8 * wire.rate(),
                told.etaSeconds());
        String holdUp = limit.apply(standing);
        SessionHead head = new SessionHead(
                title,
                standing.phase(),
                joining,
                amounts,
                0,
                holdUp.isEmpty() ? "" : RateText.ofLimit(holdUp, session.rateBitsPerSecond()));
        if (!head.isWaiting() && !isStarted) {
            isStarted = true;
            startedNs = nowNs;
        }
        return head.at((nowNs - (isStarted ? startedNs : openedNs)) / 1_000_000_000);
    }

    private long startsIn(long nowNs) {
        return start.waitTime() == null
                ? -1
                : Math.max(0, start.waitTime().toSeconds() - (nowNs - openedNs) / 1_000_000_000);
    }

    private SlaveRow row(SlaveProgress slave, MasterProgress session, Progress progress, long nowNs) {
        long missing = slave.bytesLacking(session.bytesSent());
        long lacking =
                Math.min(progress.bytesTotal(), Math.max(0, progress.bytesTotal() - progress.bytesDone()) + missing);
        // What one that is not heard of lacks is known as of its last report, however much is sent to others meanwhile.
        boolean isHeard = !slave.isSilent() && !slave.isOver();
        long left = lefts.merge(slave.who().slave(), lacking, (known, now) -> isHeard ? now : known);
        RateMeter meter = slaveMeters.computeIfAbsent(slave.who().slave(), index -> new RateMeter());
        meter.add(nowNs, progress.bytesTotal() - left);
        double rate = slave.isOver() ? 0 : meter.rate();
        boolean isPaused = session.standing().phase() == SessionPhase.PAUSED;
        long eta = rate < 1 || left == 0 || isPaused ? -1 : (long) Math.ceil(left / rate);
        return new SlaveRow(slave, left, progress.bytesTotal(), rate, eta);
    }

    private ScreenView.Absent absent(MasterProgress session, List<RefusedSlave> refused) {
        List<String> lines =
                new ArrayList<>(refused.stream().map(Reporter::text).toList());
        List<String> missing = session.unheard(start.expected(), refused);
        missing.forEach(name -> lines.add(name + " is missing: it has not been heard of"));
        return new ScreenView.Absent(refused.size(), missing.size(), lines);
    }
}
