package org.imgblstr.cli.master.netboot;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** What the machines of the room have asked for, and which of them were imaged. Safe for use by several threads. */
final class Machines {
    /** More than a room has; a machine beyond this number gets the live image, but is not remembered. */
    private static final int MOST = 10_000;

    private static final class Machine {
        private boolean gotLiveImage;
        private boolean isImaged;
        private String lastSaid = "";
    }

    private final Map<HardwareAddress, Machine> known = new HashMap<>();
    private final Consumer<String> lines;
    private final Consumer<HardwareAddress> imaged;

    /**
     * Nothing is known of any machine.
     *
     * @param lines takes a line for the operator whenever something happens to a machine
     * @param imaged takes each machine whose disk is complete
     */
    Machines(Consumer<String> lines, Consumer<HardwareAddress> imaged) {
        this.lines = lines;
        this.imaged = imaged;
    }

    /** A machine asks for an address; {@code what}: its kind, and what it gets. The same is said only once. */
    synchronized void asks(HardwareAddress address, String what) {
        say(address, machine(address), what);
    }

    /** A machine, or its boot loader, asks what to start. Returns whether the machine is to start its own disk, because it was imaged. */
    synchronized boolean startsOwnDisk(HardwareAddress address, String firmware) {
        Machine machine = machine(address);
        machine.gotLiveImage |= !machine.isImaged;
        say(
                address,
                machine,
                firmware + (machine.isImaged ? ", was imaged, starts its own disk" : ", gets the live image"));
        return machine.isImaged;
    }

    /** A machine says that its disk has every byte. Returns false when it never got the live image. */
    synchronized boolean isDone(HardwareAddress address) {
        Machine machine = known.get(address);
        if (machine == null || !machine.gotLiveImage) {
            return false;
        }
        machine.isImaged = true;
        imaged.accept(address);
        say(address, machine, "imaged");
        return true;
    }

    private Machine machine(HardwareAddress address) {
        Machine machine = known.get(address);
        if (machine == null) {
            machine = new Machine();
            if (known.size() < MOST) {
                known.put(address, machine);
            }
        }
        return machine;
    }

    private void say(HardwareAddress address, Machine machine, String what) {
        if (!what.equals(machine.lastSaid)) {
            machine.lastSaid = what;
            lines.accept(address + ": " + what);
        }
    }
}
