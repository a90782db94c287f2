/**
 * What a disk is divided into: MBR and GPT tables, checked, the choice of partitions, what lies in them, and where an image's regions go
 * on a target. Everything read from a disk is hostile: a table gives {@code MalformedTableException} or a value, nothing else. Knows no
 * file system beyond its signature. Specification: docs/targets.md; UEFI 2.10, chapter 5.
 */
package org.imgblstr.disk.partition;
