/**
 * The program imgblstr: the six modes, menus, and the commands that look at disks and images. Specification: docs/exit-codes.md,
 * docs/events.schema.json.
 */
package org.imgblstr.cli.master;
