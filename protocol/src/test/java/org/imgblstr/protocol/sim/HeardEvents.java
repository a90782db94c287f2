package org.imgblstr.protocol.sim;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.imgblstr.protocol.contract.SessionImage;
import org.imgblstr.protocol.silence.Silence;
import org.imgblstr.protocol.slave.SlaveEvents;

/** What a slave's engine has told its operator. */
abstract class HeardEvents implements SlaveEvents {
    private final List<String> severals = new ArrayList<>();
    private final List<Silence> silences = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    /** What it should have heard and has not. */
    List<Silence> silences() {
        return silences;
    }

    /** What was said of several masters; "one" when there was one again. */
    List<String> severals() {
        return severals;
    }

    List<String> warnings() {
        return warnings;
    }

    @Override
    public void onAnnounced(boolean isUnderWay) {}

    @Override
    public void onJoined(int slave, SessionImage image, InetSocketAddress master) {}

    @Override
    public void onSilence(Silence silence) {
        silences.add(silence);
    }

    @Override
    public void onSeveralSessions(String message) {
        severals.add(message == null ? "one" : message);
    }

    @Override
    public void onStarted() {}

    @Override
    public void onNote(String message) {
        warnings.add(message);
    }

    @Override
    public void onWarning(String message) {
        warnings.add(message);
    }
}
