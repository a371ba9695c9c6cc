# The memory, and the archive of evidence. Neither has versions: with them COS ignores the
# header by which an object is created only where there is none, on which both rely. The
# argument is left out on purpose.

locals {
  memory_bucket  = "${var.name}-${local.app_id}"
  archive_bucket = "${var.name}-evidence-${local.app_id}"
}

resource "tencentcloud_cos_bucket" "memory" {
  bucket               = local.memory_bucket
  acl                  = "private"
  encryption_algorithm = "AES256"
  tags                 = var.tags

  # what a run that was ended did not finish to write
  lifecycle_rules {
    id            = "unfinished"
    filter_prefix = "licensewatch/"

    abort_incomplete_multipart_upload {
      days_after_initiation = 1
    }
  }
}

resource "tencentcloud_cos_bucket_object" "accounts" {
  count = var.accounts_file == null ? 0 : 1

  bucket       = tencentcloud_cos_bucket.memory.bucket
  key          = "accounts.yaml"
  content      = file(var.accounts_file)
  content_type = "application/yaml"
}

resource "tencentcloud_cos_bucket" "archive" {
  count = var.archive ? 1 : 0

  bucket               = local.archive_bucket
  acl                  = "private"
  encryption_algorithm = "AES256"
  tags                 = var.tags

  dynamic "object_lock_configuration" {
    for_each = var.archive_retention_days == null ? [] : [var.archive_retention_days]

    content {
      enabled = true

      rule {
        days = object_lock_configuration.value
      }
    }
  }

  dynamic "lifecycle_rules" {
    for_each = var.archive_cold_days == null ? [] : [var.archive_cold_days]

    content {
      id            = "cold"
      filter_prefix = "licensewatch/"

      transition {
        days          = lifecycle_rules.value
        storage_class = "STANDARD_IA"
      }
    }
  }

  dynamic "lifecycle_rules" {
    for_each = var.archive_delete_days == null ? [] : [var.archive_delete_days]

    content {
      id            = "delete"
      filter_prefix = "licensewatch/"

      expiration {
        days = lifecycle_rules.value
      }
    }
  }

  lifecycle {
    precondition {
      condition     = try(var.archive_delete_days > var.archive_retention_days, true)
      error_message = "archive_delete_days must be more than archive_retention_days: what is locked cannot be deleted."
    }
  }
}
