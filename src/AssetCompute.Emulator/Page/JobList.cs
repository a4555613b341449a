namespace AssetCompute.Emulator;

/// <summary>The jobs, each with a small picture if there is any.</summary>
internal sealed record JobList(KeptFiles Kept, PageList<Job> List)
{
    /// <summary>The first rendition that a browser shows, or the source.</summary>
    public string? Picture(Job job)
    {
        var part = job.Renditions
            .Where(rendition => rendition.Outcome?.MediaType is { } type && KeptFiles.IsShown(type))
            .Select(rendition => $"{rendition.Index}")
            .Append(job.SourcePixels is null ? "" : KeptFiles.Source)
            .FirstOrDefault(part => part.Length > 0 && (Kept.Has(job.Id, part) || Kept.HasPicture(job.Id, part)));
        return part is null ? null : $"/emulator/files/{job.Id:N}/{part}?picture";
    }
}
