package org.imgblstr.cli.master.netboot;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds in the log of dnsmasq who asks for a boot loader. Each request is several lines, which begin with its number. */
final class DnsmasqLog {
    /** Before each line: date and time, name and number of the process. */
    private static final Pattern HEAD = Pattern.compile("^(?:\\w{3} +\\d+ [\\d:]{8} )?dnsmasq[\\w-]*(?:\\[\\d+])?: ");

    private static final Pattern KIND = Pattern.compile("(\\d+) vendor class: PXEClient:Arch:(\\d{5}).*");
    private static final Pattern IPXE = Pattern.compile("(\\d+) user class: iPXE");
    private static final Pattern ASKS =
            Pattern.compile("(\\d+) (?:DHCPDISCOVER|PXE)\\(\\S+\\) (?:[\\d.]+ )?([0-9a-f:]{17})\\b.*");

    /** Requests whose lines may be mixed. */
    private static final int AT_A_TIME = 256;

    private final Map<String, Integer> kinds = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Integer> eldest) {
            return size() > AT_A_TIME;
        }
    };
    private final BootLoaders loaders;
    private final Machines machines;

    DnsmasqLog(BootLoaders loaders, Machines machines) {
        this.loaders = loaders;
        this.machines = machines;
    }

    /** A line without what stands before each. */
    static String text(String line) {
        return HEAD.matcher(line).replaceFirst("").strip();
    }

    /** Takes one line, as dnsmasq writes it. */
    void onLine(String line) {
        String text = text(line);
        Matcher kind = KIND.matcher(text);
        Matcher ipxe = IPXE.matcher(text);
        Matcher asks = ASKS.matcher(text);
        if (kind.matches()) {
            kinds.put(kind.group(1), Integer.parseInt(kind.group(2)));
        } else if (ipxe.matches()) {
            kinds.remove(ipxe.group(1)); // its request for the menu follows
        } else if (asks.matches()) {
            Integer asking = kinds.remove(asks.group(1));
            if (asking != null) {
                HardwareAddress.parse(asks.group(2)).ifPresent(machine -> asks(machine, asking));
            }
        }
    }

    /** GRUB loads by TFTP, where nobody tells which machine it is for. */
    private void asks(HardwareAddress machine, int kind) {
        if (DnsmasqSettings.UEFI.contains(kind) && loaders.hasGrub()) {
            machines.startsOwnDisk(machine, "UEFI");
        } else {
            machines.asks(machine, gets(kind));
        }
    }

    private String gets(int kind) {
        if (kind == DnsmasqSettings.BIOS) {
            return loaders.hasBios() ? "BIOS, gets iPXE" : "BIOS, will not boot: no boot loader is installed for it";
        }
        if (DnsmasqSettings.UEFI.contains(kind)) {
            return loaders.hasUefi() ? "UEFI, gets iPXE" : "UEFI, will not boot: no boot loader is installed for it";
        }
        return "will not boot: the live image is for x86-64, and this machine is of architecture " + kind;
    }
}
