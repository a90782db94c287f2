package org.imgblstr.cli.master.run;

import java.security.SecureRandom;
import java.util.HexFormat;
import org.imgblstr.cli.common.program.Setting;
import org.imgblstr.cli.common.report.Reporter;
import org.imgblstr.cli.master.control.ControlDesk;
import org.imgblstr.cli.master.control.ControlServer;
import org.imgblstr.cli.master.control.SessionTitle;
import org.imgblstr.cli.master.control.WaitDesk;

/** Where a run with a session is acted on from another shell: from the time that it waits for its start to the end. For one thread. */
final class SessionSocket implements AutoCloseable {
    private final long sessionId = new SecureRandom().nextLong();
    private final String name;
    private final Setting setting;
    private final Reporter reporter;
    private ControlServer server;

    /** {@code given}: name of the session; "" when it has none. */
    SessionSocket(String given, Setting setting, Reporter reporter) {
        this.name = given.isEmpty() ? HexFormat.of().toHexDigits(sessionId) : given;
        this.setting = setting;
        this.reporter = reporter;
    }

    /** The id that the session of the run has, or will have. */
    long sessionId() {
        return sessionId;
    }

    /** The name by which operators know it. */
    String name() {
        return name;
    }

    /** The run waits for its time. {@code slavesWanted}: 0 when nobody said. */
    void open(StartTime time, int slavesWanted) {
        var actions = new WaitDesk.Actions(time::begin, setting.interruption()::interrupt);
        WaitDesk desk =
                new WaitDesk(new SessionTitle(sessionId, name), time.text(), time::secondsLeft, slavesWanted, actions);
        server = ControlServer.start(name, desk, reporter::warning);
    }

    /** There is a session. */
    void open(ControlDesk desk) {
        // The socket may have been another session's while this one waited.
        if (server == null || !server.handOver(desk)) {
            server = ControlServer.start(name, desk, reporter::warning);
        }
    }

    @Override
    public void close() {
        if (server != null) {
            server.close();
        }
    }
}
