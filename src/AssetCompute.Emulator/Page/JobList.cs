namespace AssetCompute.Emulator;

/// <summary>The list of jobs, each with a preview if there is one.</summary>
internal sealed record JobList(KeptFiles Kept, PageList<Job> List)
{
    /// <summary>Returns the preview of a job: its first rendition that a browser can show, or its source.</summary>
    public string? Picture(Job job)
    {
        var part = job.Renditions
            .Where(rendition => rendition.Outcome?.MediaType is { } type && KeptFiles.IsShown(type))
            .Select(rendition => $"{rendition.Index}")
            .FirstOrDefault(part => Kept.Has(job.Id, part) || Kept.HasPicture(job.Id, part))
            ?? (Kept.HasPicture(job.Id, KeptFiles.Source) || Kept.Describe(job.Id, KeptFiles.Source)?.ContentType.StartsWith("image/", StringComparison.Ordinal) == true ? KeptFiles.Source : null);
        return part is null ? null : $"/emulator/files/{job.Id:N}/{part}?picture";
    }
}
