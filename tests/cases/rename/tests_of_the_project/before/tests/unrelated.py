def title_of(task):
    return task.title
