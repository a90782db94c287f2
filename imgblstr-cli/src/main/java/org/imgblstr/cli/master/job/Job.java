package org.imgblstr.cli.master.job;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.imgblstr.cli.common.identity.Wish;
import org.imgblstr.cli.common.report.Plan;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.safety.DiskChoice;

/**
 * What the operator asked for, complete.
 *
 * @param mode what is done
 * @param disk the local disk, its path or words that {@link DiskChoice} knows; null when the mode uses none
 * @param image the image file; null when the mode uses none
 * @param partitions {@code --partition}; null for the whole disk
 * @param grow {@code --grow}: the partition that takes the rest of a longer disk, "" for the last one; null leaves all as it is. As
 *     {@code wish}, for the own disk, and for those of slaves
 * @param remake what is made of the image first
 * @param wish the identity that a disk gets when it is complete
 */
public record Job(Mode mode, String disk, Path image, String partitions, String grow, Remake remake, Wish wish) {
    /** One that leaves the disk a copy byte for byte. */
    public Job(Mode mode, String disk, Path image, String partitions) {
        this(mode, disk, image, partitions, null, Remake.NONE, Wish.NONE);
    }

    public Job {
        if (mode.usesDisk() != (disk != null) || mode.usesImage() != (image != null)) {
            throw new IllegalArgumentException(mode + " with disk " + disk + " and image " + image);
        }
    }

    /** Whether something is done with the own disk when it is complete. */
    public boolean isFinishing() {
        return mode.writesDisk() && (grow != null || !wish.isNothing());
    }

    /**
     * The same with the path of the disk, where other words name it.
     *
     * @throws DeviceException when they name none, or several
     */
    public Job resolved() throws DeviceException {
        return disk == null ? this : new Job(mode, DiskChoice.path(disk), image, partitions, grow, remake, wish);
    }

    /** The same with {@code --sector-size}, where it means the disk that is made of an image; 0 for that of the image. */
    public Job withSectorBytes(int sectorBytes) {
        return mode.readsImage()
                ? new Job(mode, disk, image, partitions, grow, new Remake(remake.isShrinking(), sectorBytes), wish)
                : this;
    }

    /**
     * What can be done besides with the disks that are written, and was not asked for: a line for the operator of the menus.
     *
     * @param isOpen whether the session is not sealed: slaves then take no such orders
     */
    public Optional<String> additions(boolean isOpen) {
        boolean isWritten = mode.writesDisk() || (mode.broadcasts() && !isOpen);
        if (!isWritten || partitions != null) {
            return Optional.empty();
        }
        List<String> parts = new ArrayList<>();
        if (grow == null && !remake.isShrinking()) {
            parts.add("--grow lets the last partition take the rest of a longer disk");
        }
        if (!wish.newIds()) {
            parts.add("--new-ids gives each disk identifiers of its own");
        }
        if (wish.hostName() == null) {
            parts.add("--hostname names each machine");
        }
        return parts.isEmpty()
                ? Optional.empty()
                : Optional.of("it can have more, which is not asked here: " + String.join("; ", parts));
    }

    /** The command that asks for this, word by word. */
    public List<String> words() {
        List<String> words = new ArrayList<>(List.of("imgblstr"));
        if (image != null) {
            words.addAll(List.of(mode.writesImage() ? "--upload" : "--download", image.toString()));
        }
        if (mode.broadcasts()) {
            words.add("--broadcast");
        }
        if (disk != null) {
            words.addAll(List.of("--disk", disk));
        }
        if (partitions != null) {
            words.addAll(List.of("--partition", partitions));
        }
        if (grow != null) {
            words.add(grow.isEmpty() ? "--grow" : "--grow=" + grow);
        }
        if (remake.isShrinking()) {
            words.add("--shrink");
        }
        if (remake.sectorBytes() != 0) {
            words.addAll(List.of("--sector-size", String.valueOf(remake.sectorBytes())));
        }
        words.addAll(wish.words());
        return words;
    }

    /**
     * What a run of this will do.
     *
     * @param local null when no local disk is written
     * @param protection how a new image is protected, behind a comma; "" when it is not
     * @param group where slaves hear
     * @param audience which slaves, and what they do
     */
    public Plan plan(Source source, LocalDisk local, String protection, InetSocketAddress group, String audience)
            throws IOException {
        long usedBytes = source.usedBytes();
        List<Plan.Step> steps = new ArrayList<>();
        steps.addAll(source.steps());
        if (mode.writesImage()) {
            steps.add(ImageTarget.step(image, protection, usedBytes));
        }
        if (local != null) {
            steps.addAll(local.steps());
        }
        if (mode.broadcasts()) {
            String where = group.getAddress().getHostAddress() + ":" + group.getPort();
            steps.add(new Plan.Step(Plan.Action.SEND, where, "to " + audience, usedBytes));
        }
        return new Plan("mode " + mode.number() + ", " + mode.title(), steps, source.volumes());
    }
}
