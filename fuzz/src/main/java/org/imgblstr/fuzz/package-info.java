/** What the fuzz targets share: reading an input, patching a sound sample with it, bounding memory, replaying the corpus. Tests only. Source: docs/testing.md, section "Fuzzing". */
package org.imgblstr.fuzz;
