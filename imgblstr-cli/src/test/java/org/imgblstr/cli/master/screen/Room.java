package org.imgblstr.cli.master.screen;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.imgblstr.cli.common.report.Pace;
import org.imgblstr.cli.common.report.Progress;
import org.imgblstr.protocol.contract.ExpectedSlaves;
import org.imgblstr.protocol.contract.HoldUp;
import org.imgblstr.protocol.contract.RefusedSlave;
import org.imgblstr.protocol.contract.SessionPhase;
import org.imgblstr.protocol.contract.SlaveCounters;
import org.imgblstr.protocol.contract.SlaveMachine;
import org.imgblstr.protocol.contract.SlaveName;
import org.imgblstr.protocol.session.MasterOptions;
import org.imgblstr.protocol.session.MasterProgress;
import org.imgblstr.protocol.session.SessionControl;
import org.imgblstr.protocol.session.SessionControl.Standing;
import org.imgblstr.protocol.session.SlaveProgress;

/** A simulated room: what the master knows of so many slaves at some second of a session. */
final class Room {
    private static final long SECOND_NS = 1_000_000_000L;
    private static final long TRACK = 262_144;
    private static final long TOTAL = 40_000 * TRACK;
    private static final String[] MODELS = {"Samsung SSD 870", "WDC WD10EZEX", ""};

    private final int slaves;
    private final ScreenModel model;
    private final List<String> events = new ArrayList<>();
    private ScreenView view;

    Room(int slaves) {
        this(slaves, "");
    }

    /** {@code code}: the join code that slaves need. */
    Room(int slaves, String code) {
        this.slaves = slaves;
        var start = new MasterOptions.Start(slaves + 2, Duration.ofSeconds(60), 1, ExpectedSlaves.ANYBODY);
        this.model = new ScreenModel(title(code), start, Standing::limit, 0);
        for (int i = 1; i <= slaves; i++) {
            events.add("slave " + i + " joined: " + label(i) + ", " + address(i));
        }
        events.add("warning: slave 3 (" + label(3) + ") has lost 5.2% of the datagrams");
    }

    private static LiveScreen.Title title(String code) {
        String sealed = code.isEmpty() ? "" : "  sealed (join code)";
        return new LiveScreen.Title("imgblstr  /dev/sda  session lab-2" + sealed, code);
    }

    /** The line is said last. */
    Room says(String line) {
        events.add(line);
        return this;
    }

    private static String label(int index) {
        return index == 2 ? "büro-教室-02" : "lab-%04d".formatted(index);
    }

    private static String address(int index) {
        return "10.88." + index / 250 + "." + (1 + index % 250);
    }

    /** While slaves join, at 18 s. */
    ScreenView waiting() {
        return view(SessionPhase.WAITING, null, 0, 18, new ScreenView.Foot(ScreenView.Page.SLAVES, 0));
    }

    /** In the middle of the pass. */
    ScreenView sending(ScreenView.Foot foot) {
        for (int second = 30; second < 60; second++) {
            view(SessionPhase.SENDING, HoldUp.WIRE, (second - 30) * (640 * TRACK), second, foot);
        }
        return view;
    }

    /** In the middle of the pass, some seconds after the operator has paused it. */
    ScreenView paused() {
        sending(new ScreenView.Foot(ScreenView.Page.SLAVES, 0));
        return view(SessionPhase.PAUSED, null, 29 * (640 * TRACK), 64, new ScreenView.Foot(ScreenView.Page.SLAVES, 0));
    }

    /** All was sent; some lack tracks. */
    ScreenView catchingUp() {
        for (int second = 93; second < 100; second++) {
            view(SessionPhase.CATCHING_UP, HoldUp.SLAVE, TOTAL, second, new ScreenView.Foot(ScreenView.Page.SLAVES, 0));
        }
        return view;
    }

    private ScreenView view(SessionPhase phase, HoldUp holdUp, long sent, int second, ScreenView.Foot foot) {
        List<SlaveProgress> all = new ArrayList<>();
        for (int i = 1; i <= slaves; i++) {
            all.add(slave(i, phase, sent, second));
        }
        int most = all.stream()
                .filter(slave -> !slave.isOver())
                .mapToInt(SlaveProgress::missingTracks)
                .max()
                .orElse(0);
        var standing = new SessionControl.Standing(phase, holdUp, holdUp == HoldUp.SLAVE ? label(3) : "");
        var session = new MasterProgress(0xab12, sent, sent, 940_000_000, standing, all);
        Map<Integer, Long> left = new HashMap<>();
        Map<Integer, Pace> paces = new HashMap<>();
        for (SlaveProgress slave : all) {
            if (!slave.isOver() && !slave.isSilent()) {
                long lacking = TOTAL - slave.bytesDone();
                left.put(slave.who().slave(), lacking);
                paces.put(slave.who().slave(), sent == 0 ? Pace.UNKNOWN : pace(lacking));
            }
        }
        long lacking = TOTAL - sent + most * TRACK;
        var progress = new Progress("", sent, TOTAL, sent * 2 / 3, lacking, left, all);
        var told = new ScreenModel.Told(progress, sent == 0 ? Pace.UNKNOWN : pace(lacking), paces);
        var refused = List.of(new RefusedSlave(
                new UUID(0, 99),
                new SlaveName(0, "old-pc", "10.88.0.99", SlaveMachine.UNKNOWN),
                "its disk has 24.0 MiB and the image needs 64.0 MiB: choose a disk of at least 67108864 bytes"));
        view = model.view(session, told, refused, events, foot, second * SECOND_NS);
        return view;
    }

    private static Pace pace(long lacking) {
        return new Pace(640 * TRACK, (lacking + 640 * TRACK - 1) / (640 * TRACK));
    }

    private SlaveProgress slave(int index, SessionPhase phase, long sent, int second) {
        var machine = new SlaveMachine(
                "52:54:00:00:%02x:%02x".formatted(index / 256, index % 256),
                "/dev/sda",
                MODELS[index % 3],
                "S%04X".formatted(index),
                500_107_862_016L);
        var who = new SlaveName(index, label(index), address(index), machine);
        if (phase == SessionPhase.WAITING) {
            return SlaveProgress.atStart(who, "joined");
        }
        int sentTracks = (int) (sent / TRACK);
        boolean isLossy = index % 7 == 3;
        int missing = isLossy ? Math.max(0, Math.min(sentTracks, 900) - 40 * Math.max(0, second - 90)) : 12;
        String state = state(index, phase, isLossy);
        var amount = new SlaveProgress.Amount(0, Math.max(0, sent - missing * TRACK), missing);
        var counters = new SlaveCounters(isLossy ? 948 : 9996, isLossy ? 52 : 4, isLossy ? 7 : 0, isLossy ? 310 : 0, 0);
        return new SlaveProgress(who, amount, 180_000_000, counters, state, 0);
    }

    private static String state(int index, SessionPhase phase, boolean isLossy) {
        if (index == 4) {
            return "gone";
        }
        if (index % 11 == 1) {
            return "silent";
        }
        boolean isAfterThePass = phase == SessionPhase.CATCHING_UP;
        return isAfterThePass && !isLossy ? "complete" : "receiving";
    }
}
