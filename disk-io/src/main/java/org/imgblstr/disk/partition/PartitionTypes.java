package org.imgblstr.disk.partition;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Partition types whose owner is a volume manager, another operating system's container, or a boot loader. What lies in such a partition
 * is not a file system of its own, whatever signature it shows: its volume may go on elsewhere. Source: UEFI 2.10, 5.3.3; sgdisk, sfdisk
 * and the documents of each owner; docs/used-blocks.md.
 */
public final class PartitionTypes {
    /** Owner of a whole disk: its volumes and their database lie anywhere on it. */
    private static final String DYNAMIC_DISK = "Windows dynamic disk";

    private static final String LVM = "LVM";
    private static final String ENCRYPTION = "encryption";
    private static final String APPLE_HFS = "Apple HFS";

    /** Owner, then types: two digits are of an MBR, all others of a GPT. {@code *} stands for the rest of a family of GUIDs. */
    private static final String[] OWNERS = {
        "Windows dynamic disk: 42 5808C8AA-7E8F-42E0-85D2-E1E90434CFB3 AF9B60A0-1431-4F62-BC68-3311714A69AD",
        "Windows Storage Spaces: E7 E75CAF8F-F680-4CEE-AFA3-B001E56EFC2D",
        "Windows storage replica: 558D43C5-A1AC-43C0-AAC8-D1472B2923D1",
        "Windows reserved area: E3C9E316-0B5C-4DB8-817D-F92DF00215AE",
        "Windows NT volume set: 86 87 8B 8C C6 C7 CB CC CE B6",
        "LVM: 8E E6D6D379-F507-44C2-A23C-238F2A3DF928",
        "old LVM: FE",
        "Linux RAID: FD A19D880F-05FC-4D3B-A006-743F0F84911E BE9067B9-EA49-4F15-B4F6-F36F8C9E1818",
        "encryption: E8 CA7D7CCB-63ED-4C53-861C-1742536059CC 7FFEC5C9-2D00-49B7-8941-3EA10A5586B7"
                + " 8C8F8EFF-AC95-4770-814A-21994F2DBC8F",
        "Linux reserved area: 8DA63339-0007-60C0-C436-083AC8230908",
        "Ceph: *-9B03-4F30-* *-9D25-41B8-* *-8AE0-4982-* 89C57F98-2FE5-4DC0-89C1-* 30CD0809-C2B2-499C-8879-*"
                + " 5CE17FCE-4087-4169-B7FF-* FB3AABF9-D25F-47CC-BF5E-* 7F4A666A-16F3-47A2-8445-* EC6D6385-E346-45DC-BE91-*"
                + " 01B41E1B-002A-453C-9F17-* 93B0052D-02D9-4D8A-A43B-* 306E8683-4FE2-4330-B7C0-* 166418DA-C469-4022-ADF4-*"
                + " 86A32090-3647-40B9-BBBD-*",
        "IBM GPFS: 37AFFC90-EF7D-4E96-91C3-2D7AE055B174",
        "VMware: FB FC AA31E02A-400F-11DB-9590-* 9D275380-40AD-11DB-BF97-* 9198EFFC-31C0-11DB-8F78-*"
                + " 381CFCCC-7288-11E0-92EE-* 77719A0C-A4A0-11E3-A47E-*",
        "FreeBSD: A5 83BD6B9D-7F41-11DC-* 516E7CB4-6ECF-11D6-* 516E7CB5-6ECF-11D6-* 516E7CB6-6ECF-11D6-*"
                + " 516E7CB8-6ECF-11D6-* 516E7CBA-6ECF-11D6-* 74BA7DD9-A689-11E1-*",
        "OpenBSD: A6 824CC7A0-36A8-11E3-890A-952519AD3F61",
        "NetBSD: A9 49F48D32-B10E-11DC-* 49F48D5A-B10E-11DC-* 49F48D82-B10E-11DC-* 49F48DAA-B10E-11DC-*"
                + " 2DB519C4-B10F-11DC-* 2DB519EC-B10F-11DC-*",
        "DragonFly BSD: 6C 9D087404-1CA5-11DC-* 9D58FDBD-1CA5-11DC-* 9D94CE7C-1CA5-11DC-* 9DD4478F-1CA5-11DC-*"
                + " DBD5211B-1CA5-11DC-* 3D48CE54-1D16-11DC-* BD215AB2-1D16-11DC-* 61DC63AC-6E38-11DC-* 5CBB9AD1-862D-11DC-*",
        "MidnightBSD: 85D5E45E-237C-11E1-* 85D5E45A-237C-11E1-* 85D5E45B-237C-11E1-* 0394EF8B-237E-11E1-*"
                + " 85D5E45C-237C-11E1-* 85D5E45D-237C-11E1-*",
        "BSD: 9F B7 B8",
        "Solaris or ZFS: BE BF 6A82CB45-1DD2-11B2-* 6A85CF4D-1DD2-11B2-* 6A87C46F-1DD2-11B2-* 6A8B642B-1DD2-11B2-*"
                + " 6A898CC3-1DD2-11B2-* 6A8EF2E9-1DD2-11B2-* 6A90BA39-1DD2-11B2-* 6A9283A5-1DD2-11B2-* 6A945A3B-1DD2-11B2-*"
                + " 6A9630D1-1DD2-11B2-* 6A980767-1DD2-11B2-* 6A96237F-1DD2-11B2-* 6A8D2AC7-1DD2-11B2-*",
        "Apple HFS: AF 48465300-0000-11AA-AA11-00306543ECAC",
        "Apple container: A8 AB AC 7C3457EF-0000-11AA-* 55465300-0000-11AA-* 52414944-0000-11AA-* 52414944-5F4F-11AA-*"
                + " 4C616265-6C00-11AA-* 5265636F-7665-11AA-* 53746F72-6167-11AA-* 69646961-6700-11AA-* 52637672-7900-11AA-*"
                + " B6FA30DA-92D2-4A9A-96F1-871EC6486200 2E313465-19B9-463F-8126-8A7993773801"
                + " FA709C7E-65B1-4593-BFD5-E71D61DE9B02 BBBA6DF5-F46F-4A89-8F59-8765B2727503",
        "HP-UX: 75894C1E-3AEB-11D3-B7C1-7B03A0000000 E2A1E728-32E3-11D6-A682-7B03A0000000",
        "OS/2 volume manager: 35 90B6FF38-B98F-4358-A21F-48F35B4A8AD3",
        "UnixWare or another Unix: 39 63 40 4D 4E 4F 93 94 A7 DB EB FF C91818F9-8025-47AF-89D2-F030D7000C2C"
                + " CEF5A9AD-73BC-4601-89F3-CDEEEEE321A1 42465331-3BA3-10F1-802A-4861696B7521",
        "NetWare: 64 65 66 67 68 69",
        "boot loader: 0A F0 41 21686148-6449-6E6F-744E-656564454649 9E1A2D38-C612-4316-AA26-8B49521E5A8B"
                + " 4778ED65-BF42-45FA-9C5B-287A1DC4AAB1 3DE21764-95BD-54BD-A5C3-4ABE786F38A8"
                + " FE3A2A5D-4F32-41A7-B725-ACCC3285A309 CAB6E88E-ABF3-4102-A07A-D4BB9BE3C1D3",
        "data without a file system: DA",
        "disk manager: 50 51 53 54 55 56 5C",
        "Acronis Secure Zone: BC 0311FC50-01CA-4725-AD77-9ADBB20ACE98",
        "SPDK: 7C5222BD-8F5D-4087-9C00-BF9843C7B58C 6527994E-2C5A-4EEC-9613-8F5944074E8B",
        "MBR within a partition: 024DEE41-33E7-11D3-9D69-0008C781F39F",
        "hibernation: 84 A0 A1 D3BFE2DE-3DAF-11DF-BA40-E3A556D89593",
    };

    private static final Map<String, String> OWNER_OF = new HashMap<>();

    static {
        for (String line : OWNERS) {
            String owner = line.substring(0, line.indexOf(": "));
            for (String type : line.substring(owner.length() + 2).split(" ", -1)) {
                if (OWNER_OF.put(type, owner) != null) {
                    throw new IllegalStateException("partition type " + type + " has two owners");
                }
            }
        }
    }

    private PartitionTypes() {}

    /** All types and families that are known, as they are written in {@link #OWNERS}. */
    static Set<String> known() {
        return Set.copyOf(OWNER_OF.keySet());
    }

    /** Who owns what lies in a partition of this type; empty when a file system may lie there by itself. */
    public static Optional<String> owner(Partition partition) {
        String type = partition.typeId().toUpperCase(Locale.ROOT);
        String owner = OWNER_OF.get(type);
        for (int at = type.lastIndexOf('-'); owner == null && at > 0; at = type.lastIndexOf('-', at - 1)) {
            owner = OWNER_OF.get(type.substring(0, at + 1) + "*");
        }
        return Optional.ofNullable(owner == null ? familyOf(type) : owner);
    }

    /** Types that share the middle of their GUIDs. */
    private static String familyOf(String type) {
        String[] fields = type.split("-", -1);
        return fields.length < 3 ? null : OWNER_OF.get("*-" + fields[1] + "-" + fields[2] + "-*");
    }

    /** Whether volumes of the owner may use the whole disk, whatever its partitions say. */
    public static boolean ownsDisk(Partition partition) {
        return owner(partition).filter(DYNAMIC_DISK::equals).isPresent();
    }

    /**
     * Whether a reader of ours understands all that an owner keeps in a partition.
     *
     * @param content the file system or member that the reader found
     */
    public static boolean isUnderstood(String owner, String content) {
        return (owner.equals(ENCRYPTION) && content.equals("crypto_LUKS"))
                || (owner.equals(LVM) && content.equals("LVM2_member"))
                || (owner.equals(APPLE_HFS) && content.startsWith("hfs"));
    }
}
