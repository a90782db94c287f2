package org.imgblstr.cli.common.program;

import java.util.EnumSet;
import java.util.Set;
import org.imgblstr.disk.machine.ChildProcess;
import org.imgblstr.disk.machine.Privileges;

/**
 * The process of a command: its environment, and rights that it does not need once it waits for others. A command that shares its process with others, as
 * in the demo, has no environment, and keeps all rights. Any thread.
 */
public final class OwnProcess {
    /** For a command that shares its process. */
    public static final OwnProcess SHARED = new OwnProcess(false);

    private final boolean isAlone;

    /** What the process can still do; null: all that it could when it was started. */
    private Set<Privileges.Need> kept;

    private OwnProcess(boolean isAlone) {
        this.isAlone = isAlone;
    }

    /** For the only command of a process. Join codes are in no memory of the environment any more, other than Java's own copy. */
    static OwnProcess alone() {
        if (ChildProcess.SECRETS.stream().anyMatch(name -> System.getenv(name) != null)) {
            Privileges.forgetCodes();
        }
        return new OwnProcess(true);
    }

    /** The value of a variable of the environment; null when there is none, or nothing in it. */
    public String variable(String name) {
        String value = isAlone ? System.getenv(name) : null;
        return value == null || value.isEmpty() ? null : value;
    }

    /**
     * All is open that the command reads and writes: from now on the process refuses what it never does. A later call can only refuse more.
     *
     * @param needs what it is still going to do
     */
    public synchronized void reduceRights(Set<Privileges.Need> needs) {
        if (!isAlone) {
            return;
        }
        Set<Privileges.Need> left = EnumSet.allOf(Privileges.Need.class);
        left.retainAll(needs);
        if (kept == null) {
            Privileges.hide();
        } else {
            left.retainAll(kept);
        }
        if (!left.equals(kept)) {
            Privileges.refuse(left);
            kept = left;
        }
    }

    /** The calling thread reads what strangers send: it drops its capabilities. {@code mayOpenSockets}: but the one for large buffers of sockets. */
    public void dropCapabilities(boolean mayOpenSockets) {
        if (isAlone) {
            Privileges.dropCapabilities(mayOpenSockets);
        }
    }
}
