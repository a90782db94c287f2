package org.imgblstr.disk.safety;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.device.DiskIdentity;
import org.imgblstr.disk.device.DiskList;
import org.imgblstr.disk.device.Errno;
import org.imgblstr.disk.device.SystemUse;
import org.imgblstr.disk.device.SystemUses;
import org.imgblstr.disk.text.PlainText;

/**
 * Which disk of this machine is meant by other words than its path: {@code serial=TEXT}, {@code wwn=TEXT}, {@code model=TEXT}, or {@code only}
 * for the one fixed disk that is neither removable nor holds the running system. Small and large letters are the same; of a model a part
 * is enough. What two disks have names neither. Reads sysfs and opens no disk.
 */
public final class DiskChoice {
    private static final String ONLY = "only";
    private static final List<String> KEYS = List.of("serial=", "wwn=", "model=");

    /** Words that tell the kind of a World Wide Name, which people leave out or write otherwise. */
    private static final String KIND_OF_WWN = "^(naa\\.|eui\\.|0x)";

    /** Disks that a message names. */
    private static final int MOST_NAMED = 4;

    /**
     * A disk to choose from.
     *
     * @param wwn as the kernel tells it; "" when it has none
     * @param isFixed whether it is built in, and not built on others
     * @param isSystem whether it holds the running system
     */
    record Candidate(DiskIdentity identity, String wwn, boolean isFixed, boolean isSystem) {}

    private DiskChoice() {}

    /**
     * The path of the disk that is meant; a text that is a path is given back as it is. A file that is called as one of these words begins
     * is named with its folder, as {@code ./only}.
     *
     * @throws DeviceException when no disk is meant, or several are
     */
    public static String path(String text) throws DeviceException {
        return isWord(text) ? choose(text, candidates()).device() : text;
    }

    static boolean isWord(String text) {
        return text.equals(ONLY) || KEYS.stream().anyMatch(text::startsWith);
    }

    static DiskIdentity choose(String text, List<Candidate> candidates) throws DeviceException {
        List<DiskIdentity> found = candidates.stream()
                .filter(candidate -> fits(candidate, text))
                .map(Candidate::identity)
                .toList();
        if (found.size() == 1) {
            return found.get(0);
        }
        String word = PlainText.of(text);
        String list = "'imgblstr disks' lists the disks of this machine";
        String disks = text.equals(ONLY) ? " fixed disks that do not hold the running system" : " disks that it fits";
        throw new DeviceException(
                found.isEmpty()
                        ? word + ": this machine has no" + disks + "; " + list
                        : word + ": this machine has " + found.size() + disks + ": " + names(found)
                                + "; name one by its serial number or path",
                Errno.ENOENT,
                null);
    }

    private static String names(List<DiskIdentity> found) {
        String names =
                found.stream().limit(MOST_NAMED).map(DiskIdentity::describe).collect(Collectors.joining(", "));
        return found.size() > MOST_NAMED ? names + " and " + (found.size() - MOST_NAMED) + " more" : names;
    }

    private static boolean fits(Candidate candidate, String text) {
        if (text.equals(ONLY)) {
            return candidate.isFixed() && !candidate.isSystem();
        }
        String wanted = lower(text.substring(text.indexOf('=') + 1));
        if (wanted.isEmpty()) {
            return false;
        }
        return switch (text.substring(0, text.indexOf('='))) {
            case "serial" -> lower(candidate.identity().serial()).equals(wanted);
            case "wwn" ->
                lower(candidate.wwn()).replaceFirst(KIND_OF_WWN, "").equals(wanted.replaceFirst(KIND_OF_WWN, ""));
            default -> lower(candidate.identity().model()).contains(wanted);
        };
    }

    private static String lower(String text) {
        return text.strip().toLowerCase(Locale.ROOT);
    }

    private static List<Candidate> candidates() throws DeviceException {
        List<Candidate> candidates = new ArrayList<>();
        for (DiskIdentity disk : DiskList.disks()) {
            boolean isFixed = DiskList.attachment(disk).rank() == 0;
            boolean isSystem =
                    SystemUses.of(disk.device()).stream().anyMatch(use -> use.kind() == SystemUse.Kind.SYSTEM);
            candidates.add(new Candidate(disk, DiskList.wwn(disk), isFixed, isSystem));
        }
        return candidates;
    }
}
