package org.imgblstr.cli.master.screen;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.imgblstr.cli.common.report.Pace;
import org.imgblstr.cli.common.report.Progress;
import org.imgblstr.cli.common.report.RateMeter;
import org.imgblstr.cli.common.report.RateText;
import org.imgblstr.cli.common.report.Reporter;
import org.imgblstr.cli.common.report.Units;
import org.imgblstr.protocol.contract.Attendance;
import org.imgblstr.protocol.contract.RefusedSlave;
import org.imgblstr.protocol.contract.SessionPhase;
import org.imgblstr.protocol.session.MasterOptions;
import org.imgblstr.protocol.session.MasterProgress;
import org.imgblstr.protocol.session.SessionControl.Standing;
import org.imgblstr.protocol.session.SlaveProgress;

/** Makes what the screen shows of what is known of the session. Reads no clock. For one thread: the one that draws. */
final class ScreenModel {
    private final LiveScreen.Title title;
    private final MasterOptions.Start start;
    private final Function<Standing, String> limit;
    private final long openedNs;
    private final Map<Integer, Long> lefts = new HashMap<>();
    private RateMeter wire = new RateMeter();
    private boolean isPaused;
    private long startedNs;
    private boolean isStarted;

    /**
     * Of one session.
     *
     * @param title what goes where
     * @param start when it starts
     * @param limit what holds it up, as events spell it; "" when nothing is known
     */
    ScreenModel(LiveScreen.Title title, MasterOptions.Start start, Function<Standing, String> limit, long openedNs) {
        this.title = title;
        this.start = start;
        this.limit = limit;
        this.openedNs = openedNs;
    }

    /**
     * How far the run is, as it was told last.
     *
     * @param pace how fast the session goes
     * @param slaves how fast each slave goes that is heard of, by its number: known from the same as the time left of the session
     */
    record Told(Progress progress, Pace pace, Map<Integer, Pace> slaves) {
        static final Told NOTHING = new Told(Progress.of("", 0, 0), Pace.UNKNOWN, Map.of());

        Told {
            slaves = Map.copyOf(slaves);
        }
    }

    ScreenView view(
            MasterProgress session,
            Told told,
            List<RefusedSlave> refused,
            List<String> events,
            ScreenView.Foot foot,
            long nowNs) {
        boolean wasPaused = isPaused;
        isPaused = session.standing().phase() == SessionPhase.PAUSED;
        if (wasPaused && !isPaused) {
            wire = new RateMeter();
        }
        List<SlaveRow> rows =
                session.slaves().stream().map(slave -> row(slave, told)).toList();
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
                progress.bytesDone(), progress.bytesTotal(), progress.percent(), told.pace(), 8 * wire.rate());
        String holdUp = limit.apply(standing);
        SessionHead head = new SessionHead(
                title.text(),
                title.code(),
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
        return start.secondsLeft((nowNs - openedNs) / 1_000_000_000);
    }

    private SlaveRow row(SlaveProgress slave, Told told) {
        int number = slave.who().slave();
        long total = told.progress().bytesTotal();
        Long now = told.progress().left().get(number);
        // What one that is not heard of lacks is known as of its last report, however much is sent to others meanwhile.
        if (now != null) {
            lefts.put(number, now);
        }
        long left = lefts.getOrDefault(number, total);
        boolean isHeard = !slave.isSilent() && !slave.isOver();
        Pace pace = isHeard && !isPaused ? told.slaves().getOrDefault(number, Pace.UNKNOWN) : Pace.UNKNOWN;
        return new SlaveRow(slave, left, total, pace);
    }

    private ScreenView.Absent absent(MasterProgress session, List<RefusedSlave> refused) {
        List<String> lines =
                new ArrayList<>(refused.stream().map(Reporter::text).toList());
        Attendance known = session.attendance(start, refused);
        known.missing().forEach(name -> lines.add(name + " is missing: it has not been heard of, or has left again"));
        int nameless = session.nameless(start, refused);
        if (nameless > 0) {
            lines.add(nameless + " of " + Units.count(known.wanted(), "slave")
                    + " not heard of; a list (--expect) would tell which");
        }
        return new ScreenView.Absent(refused.size(), known.missing().size() + nameless, lines);
    }
}
