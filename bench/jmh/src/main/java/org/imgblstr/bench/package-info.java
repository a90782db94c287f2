/** JMH benchmarks of the parts that every byte passes through. How to run them: bench/README.md. */
package org.imgblstr.bench;
