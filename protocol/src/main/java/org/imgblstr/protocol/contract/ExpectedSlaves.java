package org.imgblstr.protocol.contract;

import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The slaves that a session expects, by label or hardware address. Each name stands for one slave: a second slave of that name is strange, as one
 * that has no name on the list. Upper and lower case do not matter, nor what separates the pairs of a hardware address. Cannot change.
 */
public final class ExpectedSlaves {
    /** No list: every slave is welcome, and nobody is missing. */
    public static final ExpectedSlaves ANYBODY = new ExpectedSlaves(List.of(), true);

    private static final Pattern MAC =
            Pattern.compile("([0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}|([0-9A-Fa-f]{4}[.]){2}[0-9A-Fa-f]{4}");

    private static final Pattern PAIR = Pattern.compile("(?<=.)(?=(..)+$)");

    private final Map<String, String> names = new LinkedHashMap<>();
    private final boolean admitsStrange;

    /**
     * @param names labels and hardware addresses, each once
     * @param admitsStrange whether slaves take part that are not on the list
     */
    public ExpectedSlaves(List<String> names, boolean admitsStrange) {
        names.forEach(name -> this.names.put(key(name), name));
        this.admitsStrange = admitsStrange;
    }

    /** By what a name is recognized: two names with the same key are one. */
    public static String key(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return isMac(lower) ? PAIR.matcher(lower.replaceAll("[:.-]", "")).replaceAll(":") : lower;
    }

    /** Whether a name is a hardware address: six pairs of digits between colons or hyphens, or three fours between dots. */
    public static boolean isMac(String name) {
        return MAC.matcher(name).matches();
    }

    /** How many; 0 when there is no list. */
    public int count() {
        return names.size();
    }

    /** Whether slaves take part that are not on the list. */
    public boolean admitsStrange() {
        return admitsStrange;
    }

    /** Whether the list has no place for a slave beside those that are there. Nobody is strange without a list. */
    public boolean isStrange(SlaveName slave, Collection<SlaveName> others) {
        return !names.isEmpty() && freePlace(slave, taken(others)) == null;
    }

    /** Who of the others has the place of a slave that is on the list; empty when the slave is not on it, or its place is free. */
    public Optional<SlaveName> holder(SlaveName slave, Collection<SlaveName> others) {
        String place = freePlace(slave, Set.of());
        Set<String> taken = new HashSet<>();
        for (SlaveName other : others) {
            String held = freePlace(other, taken);
            if (held != null && held.equals(place)) {
                return Optional.of(other);
            }
            if (held != null) {
                taken.add(held);
            }
        }
        return Optional.empty();
    }

    /** Names on the list that none of these slaves has, as they are spelled there. */
    public List<String> missing(Collection<SlaveName> present) {
        Set<String> taken = taken(present);
        return names.entrySet().stream()
                .filter(name -> !taken.contains(name.getKey()))
                .map(Map.Entry::getValue)
                .toList();
    }

    /** What the operator should know when a session starts with these slaves; empty when nobody is missing. */
    public Optional<String> absence(Collection<SlaveName> present) {
        List<String> missing = missing(present);
        return missing.isEmpty()
                ? Optional.empty()
                : Optional.of("the session starts without " + missing.size() + " of " + count() + " expected slaves: "
                        + String.join(", ", missing) + "; a slave that joins before the end still takes part");
    }

    private Set<String> taken(Collection<SlaveName> slaves) {
        Set<String> taken = new HashSet<>();
        for (SlaveName slave : slaves) {
            String place = freePlace(slave, taken);
            if (place != null) {
                taken.add(place);
            }
        }
        return taken;
    }

    /** The place of a slave: by its hardware address, or else by its label; null when there is none, or others have it. */
    private String freePlace(SlaveName slave, Set<String> taken) {
        return Stream.of(slave.machine().mac(), slave.label())
                .map(ExpectedSlaves::key)
                .filter(key -> names.containsKey(key) && !taken.contains(key))
                .findFirst()
                .orElse(null);
    }
}
