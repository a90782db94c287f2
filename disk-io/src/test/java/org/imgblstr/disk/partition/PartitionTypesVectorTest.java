package org.imgblstr.disk.partition;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Our list of partition types against what fdisk and gdisk call them. */
class PartitionTypesVectorTest {
    /** One line of the file. */
    private record Vector(String type, String name, String owner) {
        Partition partition() {
            return new Partition(1, 2048, 2048, type, type, name);
        }
    }

    static List<Vector> vectors() throws IOException {
        List<Vector> vectors = new ArrayList<>();
        try (InputStream file = PartitionTypesVectorTest.class.getResourceAsStream("partition-types.tsv")) {
            for (String line : new String(file.readAllBytes(), StandardCharsets.UTF_8).split("\n", -1)) {
                String[] fields = line.split("\t", -1);
                if (fields.length == 3) {
                    vectors.add(new Vector(fields[0], fields[1], fields[2]));
                }
            }
        }
        return vectors;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("vectors")
    void aTypeHasTheOwnerThatItsNameSays(Vector vector) {
        assertThat(PartitionTypes.owner(vector.partition()))
                .isEqualTo(Optional.of(vector.owner()).filter(owner -> !owner.equals("-")));
    }

    @Test
    void noTypeOfOursIsUnknownToTheOthers() throws IOException {
        List<Vector> vectors = vectors();
        assertThat(PartitionTypes.known()).allSatisfy(known -> {
            String pattern = known.replace("*", ".*");
            assertThat(vectors).anyMatch(vector -> vector.type().matches(pattern));
        });
    }
}
