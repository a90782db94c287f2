package org.imgblstr.cli.master.command;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.imgblstr.disk.device.RefusedException;
import org.imgblstr.disk.device.RefusedException.Reason;
import org.imgblstr.disk.geometry.Region;
import org.imgblstr.disk.image.ImageReader;
import org.imgblstr.disk.image.ImageRegion;

/** Partitions that an image holds, chosen as {@code --partition} chooses those of a disk. */
final class ImageSelection {
    private final ImageReader image;
    private final List<Region> all = new ArrayList<>();

    private ImageSelection(ImageReader image) {
        this.image = image;
        image.header().partitions().stream().map(ImageRegion::region).forEach(all::add);
        // An image of a partition's device has no table.
        image.header().regions().stream()
                .map(ImageRegion::region)
                .filter(region -> !region.isWholeDisk())
                .filter(region -> all.stream().noneMatch(other -> other.number() == region.number()))
                .forEach(all::add);
    }

    /**
     * Chosen partitions, in the order in which they are named.
     *
     * @param list numbers or names, separated by commas; up to nine digits are always a number
     * @throws RefusedException when a partition does not exist, is named twice, has its name in common with another, or the image does not
     *     hold it; the message lists what the image holds
     */
    static List<Region> parse(String list, ImageReader image) throws RefusedException {
        ImageSelection selection = new ImageSelection(image);
        List<Region> chosen = new ArrayList<>();
        for (String item : list.split(",", -1)) {
            Region region = selection.find(item.trim());
            if (chosen.contains(region)) {
                throw selection.refused("partition " + region.number() + " is named twice in '" + list + "'");
            }
            chosen.add(region);
        }
        return chosen;
    }

    private Region find(String item) throws RefusedException {
        List<Region> found =
                all.stream().filter(region -> isNamed(region, item)).toList();
        if (found.size() > 1) {
            throw refused("'" + item + "' is the name of " + found.size() + " partitions: give its number");
        }
        if (found.isEmpty() || !isHeld(found.get(0))) {
            throw refused("it does not hold a partition '" + item + "'");
        }
        return found.get(0);
    }

    private static boolean isNamed(Region region, String item) {
        if (item.matches("\\d{1,9}")) {
            return region.number() == Integer.parseInt(item);
        }
        return !item.isEmpty() && item.equals(region.name());
    }

    private boolean isHeld(Region partition) {
        return image.space().regions().stream()
                .anyMatch(region -> region.firstLba() <= partition.firstLba() && partition.endLba() <= region.endLba());
    }

    private RefusedException refused(String why) {
        String held = all.stream()
                .filter(this::isHeld)
                .map(region -> region.number() + (region.name().isEmpty() ? "" : " '" + region.name() + "'"))
                .collect(Collectors.joining(", "));
        return new RefusedException(
                Reason.DOES_NOT_FIT,
                image.path() + ": " + why + "; " + (held.isEmpty() ? "it has no partitions" : "it holds " + held));
    }
}
