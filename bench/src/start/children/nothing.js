// What a process costs that does nothing.
console.log(JSON.stringify({ nanoseconds: 0, peak: process.resourceUsage().maxRSS * 1024 }));
