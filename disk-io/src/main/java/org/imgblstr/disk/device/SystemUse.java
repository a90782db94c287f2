package org.imgblstr.disk.device;

/**
 * One way in which the running system uses a disk.
 *
 * @param kind how
 * @param device the device that is used: the disk, a partition of it, or something built on it
 * @param where mount point, name of the holder, or "" when there is nothing to name
 * @param fileSystem type of a mounted file system, else ""
 * @param isWritable whether the system may change the disk this way
 */
public record SystemUse(Kind kind, String device, String where, String fileSystem, boolean isWritable) {
    /** Ways of use. Those that are final are refused even with {@code --force}. */
    public enum Kind {
        /** Mounted where the running system lives: /, /usr, /boot. */
        SYSTEM(true),
        MOUNTED(false),
        SWAP(false),
        /** LVM, RAID, crypt or another map is built on it. */
        HELD(false),
        READ_ONLY(true),
        /** A file or a device that is the content of a loop device. */
        LOOP_FILE(true),
        /** Opened exclusively by a program or by a part of the kernel that does not say so elsewhere. */
        BUSY(false),
        /** Open for writing in another process, or locked by one that writes, such as a virtual machine. */
        WRITER(false),
        /** Complete, and still worked on by an imager of ours. */
        FINISHING(false);

        private final boolean isFinal;

        Kind(boolean isFinal) {
            this.isFinal = isFinal;
        }

        /** Whether no option goes past it. */
        public boolean isFinal() {
            return isFinal;
        }
    }

    /** The fact, for a message: {@code /dev/sda1 is mounted on /mnt (ext4)}. */
    public String fact() {
        return switch (kind) {
            case SYSTEM -> device + " holds the running system, mounted on " + where;
            case MOUNTED ->
                device + " is mounted on " + where + " (" + fileSystem + (isWritable ? "" : ", read-only") + ")";
            case SWAP -> device + " is swap";
            case HELD -> device + " is part of " + where;
            case READ_ONLY -> device + " is read-only";
            case LOOP_FILE -> device + " is the content of the loop device " + where;
            case BUSY ->
                device + " is held by another program, or mounted where this program does not see it (in a container)";
            case WRITER -> device + " is open for writing in " + where;
            case FINISHING ->
                device + " is being finished by " + where + ": its steps after the copy, or a hook, are not done";
        };
    }

    /** What ends this use. */
    public String remedy() {
        return switch (kind) {
            case SYSTEM -> "start this machine from the network or from another disk";
            case MOUNTED -> "umount " + where;
            case SWAP -> "swapoff " + device;
            case HELD -> "take " + where + " down (vgchange -an, mdadm --stop, cryptsetup close)";
            case READ_ONLY -> "allow writing (blockdev --setrw, chmod, or the switch of the card)";
            case LOOP_FILE -> "losetup -d " + where + ", or name that device";
            case BUSY -> "end that program or container";
            case WRITER -> "end " + where;
            case FINISHING -> "wait until " + where + " has ended";
        };
    }
}
