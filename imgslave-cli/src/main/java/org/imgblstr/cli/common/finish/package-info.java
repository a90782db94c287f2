/**
 * What becomes of a disk once its copy is proven: the order of the steps, and the tools of the system as child processes. What the steps do is
 * the business of {@code cli.common.grow} and {@code cli.common.identity}. Knows neither program. Source: docs/identity.md, section 1.
 */
package org.imgblstr.cli.common.finish;
