package org.imgblstr.cli.slave;

import java.io.IOException;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.imgblstr.disk.device.DiskIdentity;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The id by which a master recognizes this machine and its disk after a restart of the slave. */
final class SlaveId {
    private static final Logger LOG = LoggerFactory.getLogger(SlaveId.class);
    private static final Path MACHINE_ID = Path.of("/etc/machine-id");

    private SlaveId() {}

    /**
     * Of this machine and a disk. A machine that was started from the network has no machine id of its own (or one that all share), so the
     * addresses of its network cards count too.
     */
    static UUID of(DiskIdentity disk) {
        return of(machineId(), hardwareAddresses(), disk);
    }

    /** As {@link #of(DiskIdentity)}, of a disk of which only the name is known. */
    static UUID ofName(String disk) {
        return of(machineId(), hardwareAddresses(), disk, "");
    }

    static UUID of(String machineId, List<String> addresses, DiskIdentity disk) {
        return of(machineId, addresses, disk.device(), disk.serial());
    }

    private static UUID of(String machineId, List<String> addresses, String device, String serial) {
        String text = machineId + '\n' + String.join(",", addresses) + '\n' + device + '\n' + serial;
        return UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String machineId() {
        try {
            return Files.isReadable(MACHINE_ID) ? Files.readString(MACHINE_ID).strip() : "";
        } catch (IOException e) {
            LOG.debug("the machine id could not be read: {}", e.getMessage());
            return "";
        }
    }

    private static List<String> hardwareAddresses() {
        try {
            return NetworkInterface.networkInterfaces()
                    .filter(network -> !network.isVirtual())
                    .map(SlaveId::hardwareAddress)
                    .filter(address -> !address.isEmpty())
                    .sorted()
                    .collect(Collectors.toList());
        } catch (SocketException e) {
            LOG.debug("no network interfaces: {}", e.getMessage());
            return Collections.emptyList();
        }
    }

    private static String hardwareAddress(NetworkInterface network) {
        try {
            byte[] address = network.getHardwareAddress();
            return address == null ? "" : HexFormat.of().formatHex(address);
        } catch (SocketException e) {
            return "";
        }
    }
}
